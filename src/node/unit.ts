import { ActionError } from '../errors.ts';
import { layout } from './layout.ts';

/** The command that starts dockerd, as the packaged unit and foreign drop-ins say, without our own drop-in. */
export type StartCommand = {
  /** The command line as written, but for the `-H` options. */
  readonly withoutHosts: string;
  /** The values of its `-H` and `--host` options, in order. */
  readonly hosts: readonly string[];
  /** The file that the command comes from. */
  readonly path: string;
};

/**
 * Finds the effective ExecStart in what `systemctl cat docker.service` printed.
 * It is derived anew on each run, so that an upgrade of the package reaches our drop-in. Throws ActionError where
 * the command line holds what belongs into daemon.json: TLS options or a TCP listener.
 */
export function startCommand(systemctlCat: string): StartCommand {
  const found = sections(systemctlCat)
    .filter(({ path }) => path !== layout.unitOverride)
    .flatMap(({ path, text }) => execStarts(text).map((command) => ({ path, command })))
    // An empty ExecStart= forgets those before it (systemd.service(5)).
    .reduce<readonly { path: string; command: string }[]>(
      (all, one) => (one.command === '' ? [] : [...all, one]),
      [],
    );
  const [start, second] = found;
  if (start === undefined || second !== undefined)
    throw new ActionError({
      message: `docker.service has ${found.length} ExecStart commands, expected one`,
      hint: 'compare `systemctl cat docker.service` with the unit that the Docker package ships',
    });
  return { path: start.path, ...splitHosts(start) };
}

/** The text of our own drop-in in the same output, if it is installed. */
export function installedOverride(systemctlCat: string): string | undefined {
  return sections(systemctlCat).find(({ path }) => path === layout.unitOverride)?.text;
}

type Section = { readonly path: string; readonly text: string };

function sections(systemctlCat: string): Section[] {
  return systemctlCat
    .split(/^(?=# \/)/m)
    .filter((part) => part.startsWith('# /'))
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      return { path: head.slice(2).trim(), text: lines.join('\n').trim() };
    });
}

function execStarts(unit: string): string[] {
  return unit
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => /^\s*ExecStart\s*=(.*)$/.exec(line)?.[1]?.trim() ?? []);
}

function splitHosts({ path, command }: { path: string; command: string }) {
  const rest: string[] = [];
  const hosts: string[] = [];
  const words = command.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const joined = /^(?:--host=|-H=?)(.+)$/.exec(word)?.[1];
    if (joined !== undefined) hosts.push(joined);
    else if (word === '-H' || word === '--host') hosts.push(words[(at += 1)] ?? '');
    else rest.push(word);
  }
  const conflict =
    hosts.find((host) => !/^(fd|unix):\/\//.test(host)) ?? rest.find((word) => word.startsWith('--tls'));
  if (conflict !== undefined)
    throw new ActionError({
      message: `${path} already sets ${conflict} on the command line of dockerd`,
      hint: `take the option out of ${path} and run \`systemctl daemon-reload\`; the action writes it to ${layout.daemonConfig}`,
    });
  return { withoutHosts: rest.join(' '), hosts };
}
