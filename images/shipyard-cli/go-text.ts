/** A string as Go's `%q` writes it. */
export const quote = (text: string): string =>
  JSON.stringify(text).replace(/\\u00([0-9a-f]{2})|\u007f/g, (_, digits: string | undefined) => {
    const code = digits ?? '7f';
    return shortEscapes.get(code) ?? `\\x${code}`;
  });

/** A number as Go's `%.<digits>f` writes it: all its digits, and an exact half goes to the even neighbour. */
export const fixed = (value: number, digits: number): string => {
  if (Math.abs(value) >= 1e21) {
    return `${BigInt(value)}.${'0'.repeat(digits)}`;
  }
  const scaled = value * 10 ** digits;
  const isHalf = Math.abs(scaled % 1) === 0.5 && Number.isInteger(scaled * 2);
  return (isHalf ? (2 * Math.round(scaled / 2)) / 10 ** digits : value).toFixed(digits);
};

/**
 * A number as Go's `strconv.ParseFloat` reads it, and 0 for everything it refuses: that is what the original
 * sends for a flag such as `--cpus 4,5`. (Hexadecimal floats are not read.)
 */
export const parseFloat64 = (text: string): number => {
  const special = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (special !== null) {
    return special[1] === '-' ? -Infinity : Infinity;
  }
  if (/^nan$/i.test(text)) {
    return NaN;
  }
  const isNumber = /^[+-]?(?:[\d_]+\.?[\d_]*|\.[\d_]+)(?:e[+-]?[\d_]+)?$/i.test(text);
  const hasStrayUnderscore = /(?<!\d)_|_(?!\d)/.test(text);
  const value = isNumber && !hasStrayUnderscore ? Number(text.replaceAll('_', '')) : 0;
  return Number.isFinite(value) ? value : 0;
};

/** A number as Go's JSON encoder names it in its error; `undefined` for one that it can write. */
export const unsupportedNumber = (value: number): string | undefined => {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  return Number.isFinite(value) ? undefined : `${value > 0 ? '+' : '-'}Inf`;
};

const shortEscapes = new Map([
  ['07', '\\a'],
  ['0b', '\\v'],
]);
