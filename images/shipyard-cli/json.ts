import { Fatal } from './exit.ts';

/** What can be written as JSON; a member that is `undefined` is left out. */
export type Json = string | number | readonly Json[] | { readonly [name: string]: Json | undefined };

/** JSON as Go writes it: `<`, `>` and `&` escaped; `indent` is the number of blanks. */
export const marshal = (value: Json, indent?: number): string =>
  JSON.stringify(value, undefined, indent)
    .replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/\\(.)/g, (escape, letter) => longEscapes.get(String(letter)) ?? escape);

/** Drops what Go's `omitempty` drops: `""`, `0`, an empty list and what is not there. */
export const omitEmpty = (members: Readonly<Record<string, Json | undefined>>): Record<string, Json> => {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) {
    const isEmpty = value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
    if (value !== undefined && !isEmpty) {
      kept[name] = value;
    }
  }
  return kept;
};

/** The first JSON value of a text; what follows is ignored. Throws Fatal with the words of Go's decoder. */
export const unmarshal = (text: string): unknown => {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new Fatal('EOF');
  }
  try {
    return JSON.parse(firstValue(trimmed));
  } catch {
    const first = trimmed.charAt(0);
    throw new Fatal(
      /["[{\dtfn-]/.test(first)
        ? 'unexpected EOF'
        : `invalid character '${first}' looking for beginning of value`,
    );
  }
};

/** Reading what another program sent: the wrong type counts as not there. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

// Go 1.19 knows no short form for these two.
const longEscapes = new Map([
  ['b', '\\u0008'],
  ['f', '\\u000c'],
]);

const firstValue = (trimmed: string): string => {
  let depth = 0;
  for (const token of trimmed.matchAll(/"(?:[^"\\]|\\.)*"|[{[]|[}\]]/g)) {
    depth += '{['.includes(token[0]) ? 1 : 0;
    depth -= '}]'.includes(token[0]) ? 1 : 0;
    if (depth === 0) {
      return trimmed.slice(0, token.index + token[0].length);
    }
  }
  return trimmed;
};
