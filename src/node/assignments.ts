import { unquoted, words } from './command-line.ts';

/** A `NAME=value` line, its value as it is written. */
export type Assignment = { readonly name: string; readonly raw: string };

/** The assignments of a file in order; `export` is what a shell that sources the same file (SysV) accepts. */
export function assignments(text: string): readonly Assignment[] {
  const lines = text
    .replace(/\\\n/g, '')
    .matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)=((?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\n])*)/gm);
  return [...lines].map(([, name = '', value = '']) => ({ name, raw: value.trim() }));
}

/**
 * The value of a variable after a shell has sourced the file. Variables of the same file are expanded; whatever else
 * only a shell can know (commands, the environment) stays as it is written.
 */
export function shellValue(text: string, variable: string): string | undefined {
  const known = new Map<string, string>();
  for (const { name, raw } of assignments(text)) {
    // What follows a blank is another word: a comment, or a command.
    const [first] = words(raw);
    known.set(name, unquoted(expand(first?.raw ?? '', known)));
  }
  return known.get(variable);
}

/** Nothing is expanded in single quotes. */
function expand(raw: string, known: ReadonlyMap<string, string>): string {
  return raw.replace(
    /'[^']*'|\\[\s\S]|\$\{(\w+)\}|\$(\w+)/g,
    (whole, braced?: string, bare?: string) => known.get(braced ?? bare ?? '') ?? whole,
  );
}
