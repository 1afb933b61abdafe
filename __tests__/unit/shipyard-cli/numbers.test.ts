import { expect, test } from '@jest/globals';
import { fixed, parseFloat64, quote, unsupportedNumber } from '../../../images/shipyard-cli/go-text.ts';

// What Go 1.19 prints and reads; the recordings have the common cases.
test.each([
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [2.5, 0, '2'],
  [3.5, 0, '4'],
  [0.25, 1, '0.2'],
  [1.005, 2, '1.00'],
  [-0.5, 2, '-0.50'],
  [1e21, 2, '1000000000000000000000.00'],
])('%d to %d digits is %s', (value, digits, text) => {
  expect(fixed(value, digits)).toBe(text);
});

test.each([
  ['4.', 4],
  ['.5', 0.5],
  ['+1.5e-2', 0.015],
  ['1_000.5', 1000.5],
  ['1__0', 0],
  ['_1', 0],
  ['1_', 0],
  ['1e400', 0],
  ['1e', 0],
  ['.', 0],
  ['-Infinity', -Infinity],
  ['+nan', 0],
])('%s is read as %d', (text, value) => {
  expect(parseFloat64(text)).toBe(value);
});

test('what JSON cannot say is named as Go names it', () => {
  expect([NaN, Infinity, -Infinity, 0].map(unsupportedNumber)).toEqual(['NaN', '+Inf', '-Inf', undefined]);
});

test('a message is quoted as Go quotes it', () => {
  expect(quote('a\t"é"\u001b[0m\u007f')).toBe('"a\\t\\"é\\"\\x1b[0m\\x7f"');
});
