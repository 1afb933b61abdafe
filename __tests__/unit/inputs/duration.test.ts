import { expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors.ts';
import { formatDuration, parseDuration } from '../../../src/inputs/duration.ts';

const range = { min: 30, max: 7200 };

test.each([
  ['180', 180],
  ['180s', 180],
  ['3m', 180],
  ['2h', 7200],
  ['30', 30],
  ['7200s', 7200],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text, range)).toBe(seconds);
});

test.each([
  '29',
  '29s',
  '0',
  '7201',
  '121m',
  '3h',
  '-60',
  '+60',
  '060',
  '1.5m',
  '3 m',
  ' 3m',
  '3M',
  '3min',
  '1h30m',
  '1d',
  '1e2',
  'm',
  '3m\n',
])('%j is refused', (text) => {
  expect(() => parseDuration(text, range)).toThrow(ActionError);
});

test('the error tells the range in units, the reason and how to write it', () => {
  const refuse = () => parseDuration('1d', { ...range, reason: 'so it is' });
  expect(refuse).toThrow('must be a time from 30s to 2h, not "1d" (so it is)');
  expect(refuse).toThrow(
    expect.objectContaining({
      hint: 'write a whole number of seconds, minutes or hours from 30s to 2h, such as 90s, 3m or 1h',
    }),
  );
});

test.each([
  [1, '1s'],
  [90, '90s'],
  [180, '3m'],
  [5400, '90m'],
  [7200, '2h'],
])('%d seconds are written %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
