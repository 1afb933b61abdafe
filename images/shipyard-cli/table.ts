/** Rows under a header, as the original prints them; nothing at all where there are no rows. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : align([header, ...rows].map((row) => `${row.join('\t')}\n`).join(''));

/**
 * Go's `tabwriter` with cells padded by tabs to the next multiple of 8: a column is a run of lines that have a
 * cell there, and the last cell of a line belongs to none.
 */
export const align = (text: string): string => {
  const lines = text.split('\n').map((line) => line.split('\t'));
  return layOut(lines, [])
    .map((line) => line.join(''))
    .join('\n');
};

const layOut = (lines: readonly Line[], widths: readonly number[]): Line[] => {
  const column = widths.length;
  const done: Line[] = [];
  let plain: Line[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const block = lines.slice(at, endOfBlock(lines, at, column));
    if (block.length === 0) {
      plain.push(lines[at] ?? []);
      continue;
    }
    done.push(...plain.map((line) => pad(line, widths)));
    plain = [];
    const width = Math.max(...block.map((line) => lengthOf(line[column] ?? ''))) + 1;
    done.push(...layOut(block, [...widths, width]));
    at += block.length - 1;
  }
  return [...done, ...plain.map((line) => pad(line, widths))];
};

type Line = readonly string[];

const endOfBlock = (lines: readonly Line[], start: number, column: number): number => {
  let end = start;
  while (column < (lines[end]?.length ?? 0) - 1) {
    end += 1;
  }
  return end;
};

const pad = (line: Line, widths: readonly number[]): Line =>
  line.map((cell, column) => {
    const width = widths[column];
    const tabs = width === undefined ? 0 : Math.ceil((Math.ceil(width / 8) * 8 - lengthOf(cell)) / 8);
    return cell + '\t'.repeat(tabs);
  });

// Go counts code points, not what a terminal shows.
const lengthOf = (cell: string): number => Array.from(cell).length;
