/** What can be written as JSON; a member that is `undefined` is left out. */
export type Json =
  string | number | boolean | readonly Json[] | { readonly [name: string]: Json | undefined };

/** The bytes of Go's `json.Encoder`: `<`, `>` and `&` escaped, a newline at the end. */
export const encode = (value: Json): string => `${escapeLikeGo(JSON.stringify(value))}\n`;

/** Drops what Go's `omitempty` drops: `""`, `0`, `false`, an empty list and what is not there; an empty object stays. */
export const omitEmpty = (members: Readonly<Record<string, Json | undefined>>): Record<string, Json> => {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && !isEmpty(value)) {
      kept[name] = value;
    }
  }
  return kept;
};

const isEmpty = (value: Json): boolean =>
  value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0);

// Both sets occur only inside strings, so the whole text can be rewritten at once.
const escapeLikeGo = (text: string): string =>
  text
    .replace(/[<>&\u2028\u2029]/g, (character) => `\\u${hex(character.charCodeAt(0))}`)
    .replace(/\\(.)/g, (escape, letter) => shortEscapes.get(String(letter)) ?? escape);

// Go 1.19 knows no short form for these two.
const shortEscapes = new Map([
  ['b', '\\u0008'],
  ['f', '\\u000c'],
]);

const hex = (code: number): string => code.toString(16).padStart(4, '0');
