import { ActionError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { isSocket, optionWords, ownOption, type Word } from './command-line.ts';
import { layout } from './layout.ts';
import { settings, unitFiles, type UnitFile } from './unit-text.ts';

/** The command that starts dockerd, as the packaged unit and foreign drop-ins say, without our own drop-in. */
export type StartCommand = {
  /** The command line as written, but for the `-H` options. */
  readonly withoutHosts: string;
  /** The words of that after the program, without their quotes. */
  readonly options: readonly string[];
  /** The values of its `-H` and `--host` options, in order. */
  readonly hosts: readonly string[];
  /** The file that the command comes from. */
  readonly path: string;
};

/**
 * Finds the effective ExecStart in what `systemctl cat docker.service` printed.
 * It is derived anew on each run, so that an upgrade of the package reaches our drop-in. Throws ActionError where
 * the command line holds what belongs into daemon.json, and where a foreign drop-in has the last word over ours.
 */
export function startCommand(systemctlCat: string): StartCommand {
  const files = foreignFiles(systemctlCat);
  const [start, second, ...more] = settings(files, 'ExecStart');
  if (start === undefined || second !== undefined)
    throw new ActionError({
      message: `docker.service has ${start === undefined ? 0 : 2 + more.length} ExecStart commands, expected one`,
      hint: 'compare `systemctl cat docker.service` with the unit that the Docker package ships',
    });
  refuseLaterDropIn(files);
  return { path: start.path, ...splitHosts(start.path, optionWords(start.value)) };
}

/** The unit and its drop-ins, but for ours. */
export function foreignFiles(systemctlCat: string): readonly UnitFile[] {
  return unitFiles(systemctlCat).filter(({ path }) => path !== layout.unitOverride);
}

/** The text of our own drop-in in the same output, if it is installed. */
export function installedOverride(systemctlCat: string): string | undefined {
  return unitFiles(systemctlCat).find(({ path }) => path === layout.unitOverride)?.text;
}

/** Drop-ins apply in the order of their names (systemd.unit(5)). */
function refuseLaterDropIn(files: readonly UnitFile[]): void {
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const later = files.find(
    ({ path, text }) =>
      path.endsWith('.conf') && nameOf(path) > nameOf(layout.unitOverride) && /^\s*ExecStart\s*=/m.test(text),
  );
  if (later === undefined) return;
  const path = printable(later.path);
  throw new ActionError({
    message: `${path} sets ExecStart after ${layout.unitOverride}, which would have no effect`,
    hint: `rename ${path} so that its name sorts before ${nameOf(layout.unitOverride)}, and run \`systemctl daemon-reload\``,
  });
}

function splitHosts(path: string, [program, ...given]: readonly Word[]) {
  const rest: Word[] = [];
  const hosts: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at];
    if (word === undefined) continue;
    const option = ownOption(word.text);
    if (option?.name !== '--host') rest.push(word);
    else hosts.push((option.value ?? given[(at += 1)]?.text ?? '').trim());
  }
  const conflict =
    hosts.find((host) => !isSocket(host)) ?? rest.find(({ text }) => ownOption(text) !== undefined)?.text;
  if (conflict !== undefined)
    throw new ActionError({
      message: `${printable(path)} already sets ${printable(conflict)} on the command line of dockerd, and the action has its settings in ${layout.daemonConfig}`,
      hint: `take the option out of ${printable(path)} and run \`systemctl daemon-reload\``,
    });
  return {
    withoutHosts: [...(program ? [program] : []), ...rest].map(({ raw }) => raw).join(' '),
    options: rest.map(({ text }) => text),
    hosts,
  };
}
