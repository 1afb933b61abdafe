/** A word of a command line: as it was written, and as the program gets it. */
export type Word = { readonly raw: string; readonly text: string };

/** The words of a command line of systemd (systemd.syntax(7)) or a shell; variables are left as they are. */
export function words(command: string): readonly Word[] {
  return (command.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|\S)+/g) ?? []).map((raw) => ({
    raw,
    text: unquoted(raw),
  }));
}

/** A text without its quotes and backslashes. */
export function unquoted(raw: string): string {
  return raw.replace(
    /"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\([\s\S])/g, '$1') ?? single ?? escaped ?? '',
  );
}

/** The value of `-H` or `--host` where the word carries it, `''` where the next word does; `undefined` for others. */
export function hostOf(word: string): string | undefined {
  return /^(?:-H=?|--host$|--host=)([\s\S]*)$/.exec(word)?.[1]?.trim();
}

/** The name of an option that daemon.json gets from us, or that leads away from it; dockerd does not start with both. */
export function ownOption(word: string): string | undefined {
  return /^--(?:tls|tlsverify|tlscacert|tlscert|tlskey|label|live-restore|config-file)(?==|$)/.exec(
    word,
  )?.[0];
}
