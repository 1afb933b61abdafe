import { describe, expect, test } from '@jest/globals';
import { printable } from '../../../src/report/printable.ts';

test.each([
  ['plain text', 'daemon is not running', 'daemon is not running'],
  ['letters of any script', 'größer 你好 🐳', 'größer 你好 🐳'],
  ['blanks at the ends', '  text\n\n', 'text'],
  ['lines', 'one\n two\r\n\r\nthree', 'one | two | three'],
  ['a carriage return that hides what stands before it', 'evil\rgood', 'evil\\u{d}good'],
  ['a tab', 'a\tb', 'a\\u{9}b'],
  ['colours', '\u001b[31mred\u001b[0m', '\\u{1b}[31mred\\u{1b}[0m'],
  ['a terminal title', '\u001b]0;x\u0007', '\\u{1b}]0;x\\u{7}'],
  ['C1 controls', '\u009b31m', '\\u{9b}31m'],
  ['NUL and DEL', 'a\u0000b\u007f', 'a\\u{0}b\\u{7f}'],
  ['reversed text', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
  ['invisible characters', 'a\u200bb\ufeffc\u00add', 'a\\u{200b}b\\u{feff}c\\u{ad}d'],
  ['line separators', 'a\u2028b\u2029c\u0085d', 'a\\u{2028}b\\u{2029}c\\u{85}d'],
  ['marks that turn the direction of Arabic', 'a\u061cb', 'a\\u{61c}b'],
  ['tags that spell a hidden text', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['a lone surrogate', 'a\ud83db', 'a\\u{d83d}b'],
  ['nothing', ' \n', ''],
])('%s', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

describe('no command of the runner survives', () => {
  test.each(['##[set-output name=x]y', 'a ##[add-mask]b', '###[group]', '##[##[x]', '#\u200b#[x]'])(
    '%j',
    (text) => {
      expect(printable(text)).not.toContain('##[');
    },
  );

  test.each([
    '::add-mask::x',
    '  ::add-mask::x',
    '\u00a0::add-mask::x',
    '\u0085::x::y',
    '\n::x::y',
    ':::x::y',
  ])('%j is none at the start of a line, where the runner skips blanks', (text) => {
    expect(printable(text).trimStart()).not.toMatch(/^::/);
  });

  test.each(['x\n::set-output name=x::y', 'x\r\n  ::add-mask::y'])('%j stays within its line', (text) => {
    expect(printable(text)).toMatch(/^x \| ::/);
  });
});

describe('long text', () => {
  test('is cut, and says by how much', () => {
    expect(printable('x'.repeat(600))).toBe(`${'x'.repeat(500)}… (100 more characters)`);
    expect(printable('x'.repeat(500))).toBe('x'.repeat(500));
  });

  test('is cut where the caller wants', () => {
    expect(printable('abcdef', 3)).toBe('abc… (3 more characters)');
  });

  test('is not cut within a character', () => {
    expect(printable('a🐳🐳', 2)).toBe('a… (4 more characters)');
    expect(printable('a🐳🐳', 3)).toBe('a🐳… (2 more characters)');
  });

  test.each([' ', '\t', '\r', '\n', ' \n', '\ud83d', '#'])('of %j costs no time', (text) => {
    const start = performance.now();
    printable(`a${text.repeat(300_000)}b`);
    printable(`a${text.repeat(300_000)}b`, Infinity);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

test('what was made printable stays as it is', () => {
  for (const text of ['a | b', '\\u{1b}[31m', '#_[x', ':_:x']) expect(printable(text)).toBe(text);
});
