import { begin } from './printable.ts';

/**
 * GitHub takes 1 MB of all outputs of a job together, in UTF-16. This is the share of one of them, `nodes` or `engines`, in
 * characters.
 */
const OUTPUT_CHARS = 240_000;

/** In JSON a character takes up to six: `\u0000`. */
const LONGEST_CHAR = 6;

export type OutputRecord = Readonly<Record<string, unknown>>;

/**
 * The entries of an output as JSON: whole where there is room for them. Otherwise each of the named lists gives way to its
 * length, in a field that ends in `-count`; and what is too long even then ends early, with `leftOut` entries missing.
 */
export function fitted(
  records: readonly OutputRecord[],
  lists: readonly string[] = [],
): { readonly text: string; readonly leftOut: number } {
  const whole = JSON.stringify(records);
  if (whole.length <= OUTPUT_CHARS) return { text: whole, leftOut: 0 };
  const short = records.map((record) => JSON.stringify(counted(record, lists)));
  let room = OUTPUT_CHARS;
  const kept = short.filter((text) => {
    room -= text.length + 1;
    return room > 0;
  });
  return { text: `[${kept.join(',')}]`, leftOut: short.length - kept.length };
}

/** A text of Shipyard or of Docker for an output, of at most `limit` characters of JSON: longer ones are cut. */
export function cutText(text: string, limit: number): string {
  return JSON.stringify(text).length - 2 <= limit
    ? text
    : `${begin(text, Math.floor(limit / LONGEST_CHAR))}…`;
}

function counted(record: OutputRecord, lists: readonly string[]): OutputRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) =>
      lists.includes(name) && Array.isArray(value) ? [`${name}-count`, value.length] : [name, value],
    ),
  );
}
