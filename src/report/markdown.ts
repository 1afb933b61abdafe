/**
 * Text in a Markdown table cell or list item: no HTML, no cell border, no link, no code, no formula, and nobody is
 * mentioned. GitHub makes links of bare addresses too, and does not where their first characters are entities.
 */
export function escaped(text: string): string {
  return text.replace(/[&<>"'|[\]`*_\\~!@$#]|(?<=:)\/\/|(?<=www)\./gi, (found) =>
    found.replace(/./g, (character) => `&#${character.charCodeAt(0)};`),
  );
}

/** Of GitHub's limit of 1 MiB for the summary of a step: no table and no list may take more. */
const PART_BYTES = 230 * 1024;

/** A table of cells that are Markdown already. Rows beyond what fits into a summary are counted. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more = (count: number): string =>
    line([`and ${count} more, which are in the outputs`, ...head.slice(1).map(() => '')]);
  return [line(head), line(head.map(() => '---')), ...fitting(rows.map(line), more)].join('\n');
}

/** The lines that fit into their part of a summary, and one that counts the rest. */
export function fitting(lines: readonly string[], more: (count: number) => string): readonly string[] {
  let bytes = 0;
  const end = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line) + 2;
    return bytes > PART_BYTES;
  });
  return end < 0 ? lines : [...lines.slice(0, end), more(lines.length - end)];
}

/** Texts of several lines, each in a block of its own, as many as fit. */
export function blocks(texts: readonly string[]): readonly string[] {
  return fitting(
    texts.map((text) => `<pre>${escaped(text)}</pre>`),
    (count) => `and ${count} more, which are in the log`,
  );
}
