/** The first line of our block begins with that. */
export const BLOCK_BEGIN = '# BEGIN shipyard-cluster';
const END = '# END shipyard-cluster';
const BLOCK = new RegExp(`^${BLOCK_BEGIN}.*\\n(?:.*\\n)*?${END}.*(?:\\n|$)`, 'gm');

/** A file of somebody else without the lines that are ours. */
export function withoutBlock(text: string): string {
  return text.replace(BLOCK, '');
}

/** The same file with our lines at its end, where a later assignment wins; what else is in it stays as it is. */
export function withBlock(text: string, comment: string, lines: readonly string[]): string {
  const rest = withoutBlock(text);
  const separator = rest === '' || rest.endsWith('\n') ? '' : '\n';
  return `${rest}${separator}${BLOCK_BEGIN}: ${comment}\n${lines.join('\n')}\n${END}\n`;
}
