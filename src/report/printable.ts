/**
 * Makes text from another machine safe to print: one line, no control or invisible characters, at most `limit`
 * characters, and nothing that the runner takes for a command. (`::name::` counts only at the start of a line, where
 * our own prefix stands; the older `##[name]` counts anywhere.)
 */
export function printable(text: string, limit = 500): string {
  const line = text
    .trim()
    .replace(/\s*\r?\n\s*/g, ' | ')
    .replace(UNPRINTABLE, escape)
    .replaceAll('##[', '#_[')
    .replace(/^::/, ' ::');
  return line.length > limit ? `${line.slice(0, limit)}… (${line.length - limit} more characters)` : line;
}

/** C0 and C1 controls, zero-width and direction marks, line separators, lone surrogates. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
