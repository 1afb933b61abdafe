/** Text in a Markdown table cell or list item: no HTML, no cell border, no link, no code. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'|[\]`*_\\~!]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
