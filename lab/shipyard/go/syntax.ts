import { GoError } from './error.ts';

/**
 * The first JSON value of a text; what follows it is not looked at, as Go's `json.Decoder` does it.
 * Throws GoError with Go's words: `EOF`, `unexpected EOF`, `invalid character 'x' …`.
 */
export const firstValue = (text: string): string => {
  const start = skipBlanks(text, 0);
  if (start === text.length) {
    throw new GoError('EOF');
  }
  return text.slice(start, skipValue(text, start));
};

const skipValue = (text: string, at: number): number => {
  const start = skipBlanks(text, at);
  switch (peek(text, start)) {
    case '{':
      return skipObject(text, start + 1);
    case '[':
      return skipArray(text, start + 1);
    case '"':
      return skipString(text, start + 1);
    case 't':
      return skipLiteral(text, start, 'true');
    case 'f':
      return skipLiteral(text, start, 'false');
    case 'n':
      return skipLiteral(text, start, 'null');
    default:
      return skipNumber(text, start);
  }
};

const skipObject = (text: string, at: number): number => {
  let here = skipBlanks(text, at);
  if (peek(text, here) === '}') {
    return here + 1;
  }
  for (;;) {
    here = skipBlanks(text, here);
    here = skipString(text, expect(text, here, '"', 'looking for beginning of object key string'));
    here = expect(text, skipBlanks(text, here), ':', 'after object key');
    here = skipBlanks(text, skipValue(text, here));
    if (peek(text, here) === '}') {
      return here + 1;
    }
    here = expect(text, here, ',', 'after object key:value pair');
  }
};

const skipArray = (text: string, at: number): number => {
  let here = skipBlanks(text, at);
  if (peek(text, here) === ']') {
    return here + 1;
  }
  for (;;) {
    here = skipBlanks(text, skipValue(text, here));
    if (peek(text, here) === ']') {
      return here + 1;
    }
    here = expect(text, here, ',', 'after array element');
  }
};

const skipString = (text: string, at: number): number => {
  let here = at;
  for (;;) {
    const character = peek(text, here);
    if (character === '"') {
      return here + 1;
    }
    if (character < ' ') {
      throw invalid(character, 'in string literal');
    }
    here = character === '\\' ? skipEscape(text, here + 1) : here + 1;
  }
};

const skipEscape = (text: string, at: number): number => {
  const letter = peek(text, at);
  if (letter !== 'u') {
    return /["\\/bfnrt]/.test(letter) ? at + 1 : fail(letter, 'in string escape code');
  }
  for (let here = at + 1; here < at + 5; here += 1) {
    const digit = peek(text, here);
    if (!/[0-9a-fA-F]/.test(digit)) {
      fail(digit, 'in \\u hexadecimal character escape');
    }
  }
  return at + 5;
};

const skipLiteral = (text: string, at: number, word: string): number => {
  for (const [index, letter] of Array.from(word).entries()) {
    const character = peek(text, at + index);
    if (character !== letter) {
      fail(character, `in literal ${word} (expecting '${letter}')`);
    }
  }
  return at + word.length;
};

const skipNumber = (text: string, at: number): number => {
  let here = at;
  if (text[here] === '-') {
    here += 1;
    expectDigit(text, here, 'in numeric literal');
  } else {
    expectDigit(text, here, 'looking for beginning of value');
  }
  here = text[here] === '0' ? here + 1 : skipDigits(text, here);
  if (text[here] === '.') {
    expectDigit(text, here + 1, 'after decimal point in numeric literal');
    here = skipDigits(text, here + 1);
  }
  if (text[here] === 'e' || text[here] === 'E') {
    here += /[+-]/.test(text[here + 1] ?? '') ? 2 : 1;
    expectDigit(text, here, 'in exponent of numeric literal');
    here = skipDigits(text, here);
  }
  return here;
};

const skipDigits = (text: string, at: number): number => at + (/^\d*/.exec(text.slice(at))?.[0].length ?? 0);

const skipBlanks = (text: string, at: number): number => {
  let here = at;
  while (here < text.length && ' \t\r\n'.includes(text.charAt(here))) {
    here += 1;
  }
  return here;
};

const expect = (text: string, at: number, wanted: string, where: string): number => {
  const character = peek(text, at);
  return character === wanted ? at + 1 : fail(character, where);
};

const expectDigit = (text: string, at: number, where: string): void => {
  const character = peek(text, at);
  if (!/\d/.test(character)) {
    fail(character, where);
  }
};

const peek = (text: string, at: number): string => {
  const character = text[at];
  if (character === undefined) {
    throw new GoError('unexpected EOF');
  }
  return character;
};

const fail = (character: string, where: string): never => {
  throw invalid(character, where);
};

const invalid = (character: string, where: string): GoError =>
  new GoError(`invalid character ${quoteCharacter(character)} ${where}`);

const quoteCharacter = (character: string): string => {
  if (character === "'") {
    return "'\\''";
  }
  return character === '"' ? `'"'` : `'${JSON.stringify(character).slice(1, -1)}'`;
};
