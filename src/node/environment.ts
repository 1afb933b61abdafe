import { assignments } from './assignments.ts';
import { unquoted, words } from './command-line.ts';
import { settings, type UnitFile } from './unit-text.ts';

/** A variable that the service's command line may use, and the file that sets it. */
export type Variable = { readonly path: string; readonly name: string; readonly value: string };

/** A file of variables; `named` is how the unit names it, by its path or by a pattern for several. */
export type EnvironmentFile = { readonly named: string; readonly path: string; readonly text: string };

/** All that sets a variable of the service, in the order in which the last wins: files count more than `Environment=`. */
export function variables(files: readonly UnitFile[], read: readonly EnvironmentFile[]): readonly Variable[] {
  const inline = settings(files, 'Environment').flatMap(({ path, value }) =>
    words(value).flatMap(({ text }) => {
      const [name = '', ...rest] = text.split('=');
      return { path, name, value: rest.join('=') };
    }),
  );
  const fromFiles = settings(files, 'EnvironmentFile').flatMap(({ value }) => {
    const files = read.filter(({ named }) => named === value.replace(/^-/, ''));
    return files.flatMap(({ path, text }) => fileVariables(path, text));
  });
  return [...inline, ...fromFiles];
}

/** The names of the variables in a word: `$NAME` and `${NAME}`, but not `$$`, which stands for a dollar. */
export function variablesIn(word: string): readonly string[] {
  return [...word.matchAll(/\$\$|\$\{(\w+)\}|\$(\w+)/g)].flatMap(([, braced, bare]) => braced ?? bare ?? []);
}

/**
 * What systemd makes of a word (systemd.service(5)): `$NAME` alone becomes the words of its value, `${NAME}` is
 * exchanged in place. A word with a value that we do not know is left out.
 */
export function expanded(word: string, known: readonly Variable[]): readonly string[] {
  const valueOf = (name: string): string | undefined => known.findLast((one) => one.name === name)?.value;
  const alone = /^\$(\w+)$/.exec(word)?.[1];
  if (alone !== undefined) return words(valueOf(alone) ?? '').map(({ text }) => text);
  if (variablesIn(word).some((name) => valueOf(name) === undefined)) return [];
  return [
    word.replace(/\$\$|\$\{(\w+)\}/g, (_, name?: string) =>
      name === undefined ? '$' : (valueOf(name) ?? ''),
    ),
  ];
}

/** The variables of a file as systemd reads it: nothing in a value is expanded. */
function fileVariables(path: string, text: string): readonly Variable[] {
  return assignments(text).map(({ name, raw }) => ({ path, name, value: unquoted(raw) }));
}
