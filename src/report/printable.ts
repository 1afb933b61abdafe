/**
 * Makes text from another machine safe to print: one line, no control or invisible characters, nothing that the runner
 * takes for a command, and no more than `limit` characters of the text (what has to be escaped gets longer by that).
 */
export function printable(text: string, limit = 500): string {
  const whole = text.trim();
  const part = begin(whole, limit);
  const line = part
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .join(' | ')
    .replace(UNPRINTABLE, escape)
    // The runner looks for `::name::` at the start of a line, after blanks, and for the older `##[name]` anywhere.
    .replace(/^::/, ':_:')
    .replaceAll('##[', '#_[');
  const rest = whole.length - part.length;
  return rest === 0 ? line : `${line}… (${rest} more characters)`;
}

/** The first `limit` characters, without half of a surrogate pair at the end. */
export function begin(text: string, limit: number): string {
  const part = text.slice(0, limit);
  return part.length < text.length ? part.replace(/[\ud800-\udbff]$/, '') : part;
}

/** Controls, invisible format characters such as direction marks, lone surrogates, line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
