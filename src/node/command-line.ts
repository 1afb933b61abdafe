/** A word of a command line: as it was written, and as the program gets it. */
export type Word = { readonly raw: string; readonly text: string };

/** The words of a command line of systemd (systemd.syntax(7)) or a shell; variables are left as they are. */
export function words(command: string): readonly Word[] {
  return (command.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|\S)+/g) ?? []).map((raw) => ({
    raw,
    text: unquoted(raw),
  }));
}

/** The same of a command line of dockerd, where `-DH x` is `-D -H x`: a listener is never hidden behind switches. */
export function optionWords(command: string): readonly Word[] {
  return words(command).flatMap((word) => {
    const [, switches, host] = /^-([Dhv]+)(H[\s\S]*)$/.exec(word.text) ?? [];
    if (switches === undefined || host === undefined) return [word];
    const first = `-${switches}`;
    return [
      { raw: first, text: first },
      { raw: word.raw, text: `-${host}` },
    ];
  });
}

/** A text without its quotes and backslashes. */
export function unquoted(raw: string): string {
  return raw.replace(
    /"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\([\s\S])/g, '$1') ?? single ?? escaped ?? '',
  );
}

/** An option that daemon.json gets from us, or that leads away from it; dockerd does not start with one in both places. */
export type OwnOption = {
  /** Its long name, such as `--host` for `-H`. */
  readonly name: string;
  /** What stands in the same word; a switch without one is `true`, and otherwise the value is the next word. */
  readonly value: string | undefined;
};

/** Reads a word as such an option; `undefined` for all others. */
export function ownOption(word: string): OwnOption | undefined {
  const [, name, value] = LONG.exec(word) ?? [];
  if (name !== undefined) return { name, value: value ?? (SWITCHES.has(name) ? 'true' : undefined) };
  const [, host] = /^-H=?([\s\S]*)$/.exec(word) ?? [];
  return host === undefined ? undefined : { name: '--host', value: host === '' ? undefined : host };
}

/** Whether a listener is a socket of the machine: dockerd takes a bare `:2375` for TCP. */
export function isSocket(host: string): boolean {
  return /^(fd|unix):\/\//.test(host);
}

const LONG =
  /^(--(?:host|label|live-restore|config-file|tls|tlsverify|tlscacert|tlscert|tlskey))(?:=([\s\S]*))?$/;

const SWITCHES: ReadonlySet<string> = new Set(['--tls', '--tlsverify', '--live-restore']);
