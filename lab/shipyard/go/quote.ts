/** A string as Go's `%q` writes it. */
export const quote = (text: string): string =>
  JSON.stringify(text).replace(/\\u00([0-9a-f]{2})|\u007f/g, (_, digits: string | undefined) => {
    const code = digits ?? '7f';
    return shortEscapes.get(code) ?? `\\x${code}`;
  });

const shortEscapes = new Map([
  ['07', '\\a'],
  ['0b', '\\v'],
]);
