import type { Command } from './command.ts';
import type { Flag } from './flags.ts';
import { align } from './table.ts';

/** What `shipyard help` prints. */
export const appHelp = (
  commands: readonly Command[],
  globalFlags: readonly Flag[],
  version: string,
): string =>
  align(
    [
      'NAME:\n   shipyard - manage a shipyard cluster\n\n',
      'USAGE:\n   shipyard [global options] command [command options] [arguments...]\n\n',
      `VERSION:\n   ${version}\n\n`,
      'COMMANDS:\n',
      ...commands.map(({ name, usage }) => `   ${name}\t${usage}\n`),
      '   help, h\tShows a list of commands or help for one command\n',
      '   \nGLOBAL OPTIONS:\n',
      ...globalFlags.map((flag) => `   ${describe(flag)}\n`),
      '   \n',
    ].join(''),
  );

/** What `shipyard help <command>` prints. */
export const commandHelp = ({ name, usage, description, flags }: Command): string =>
  align(
    [
      `NAME:\n   ${name} - ${usage}\n\n`,
      `USAGE:\n   command ${name}${flags.length === 0 ? '' : ' [command options]'} [arguments...]`,
      description === undefined ? '' : `\n\nDESCRIPTION:\n   ${description}`,
      flags.length === 0 ? '\n' : '\n\nOPTIONS:\n',
      ...flags.map((flag) => `   ${describe(flag)}\n`),
      flags.length === 0 ? '' : '   \n',
    ].join(''),
  );

const describe = (flag: Flag): string => {
  const names = flag.names.map((name) => (name.length === 1 ? `-${name}` : `--${name}`)).join(', ');
  switch (flag.kind) {
    case 'text':
      return `${names} ${flag.fallback === '' ? '' : `'${flag.fallback}'`}\t${flag.usage}`;
    case 'texts':
      return `${names} '${[names, names].map((name) => `${name} option`).join(' ')}'\t${flag.usage}`;
    case 'switch':
      return `${names}\t${flag.usage}`;
  }
};
