import { expect, test } from '@jest/globals';
import { fitsPattern } from '../../../src/inputs/name-pattern.ts';

test.each([
  ['web1', 'web1'],
  ['web1', '*'],
  ['web1', 'web*'],
  ['web1', 'web1*'],
  ['web1', '*1'],
  ['web1', '*e*'],
  ['web1', 'w*b*1'],
  ['web1', '**web1**'],
  ['web1', 'web?'],
  ['web1', '????'],
  ['web1', '?*?'],
  ['a.b', 'a.b'],
  ['abcabd', '*ab?'],
  ['abab', '*ab'],
  ['web-1-db-1', 'web*-1'],
])('%s fits %s', (name, pattern) => {
  expect(fitsPattern(name, pattern)).toBe(true);
});

test.each([
  ['web1', 'web'],
  ['web1', 'eb1'],
  ['web1', 'Web1'],
  ['web1', 'web1?'],
  ['web1', '?web1'],
  ['web1', 'db*'],
  ['web1', '*2'],
  ['web1', '*x*'],
  ['web1', 'web*web1'],
  ['web1', 'w*1*1'],
  ['web', '?????*'],
  ['a', 'a*a'],
  ['ab', '*ab*b'],
  ['axb', 'a.b'],
  ['web1', 'web[1]'],
  ['web1', '(web1|x)'],
  ['web1', 'web\\d'],
])('%s does not fit %s', (name, pattern) => {
  expect(fitsPattern(name, pattern)).toBe(false);
});

test('a pattern of many stars is decided at once', () => {
  const started = performance.now();
  expect(fitsPattern('a'.repeat(63), `${'*a'.repeat(31)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});
