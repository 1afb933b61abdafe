import { expect, test } from '@jest/globals';
import { lastWords, logged, lostNames } from '../../../src/apply/switch-output.ts';

test('the last words of a daemon keep their end, however long the lines before it are', () => {
  const configuration = `Reloaded configuration: ${'x'.repeat(5000)}`;
  expect(lastWords(`${configuration}\n\nfailed to start daemon: address already in use\n`)).toBe(
    `${configuration.slice(0, 300)}… (${configuration.length - 300} more characters) | failed to start daemon: address already in use`,
  );
  const many = Array.from({ length: 40 }, (_, index) => `line ${index} ${'y'.repeat(100)}`).join('\n');
  const words = lastWords(many);
  expect(words.length).toBeLessThanOrEqual(1600);
  expect(words).toMatch(/^line 2\d .* \| line 39 y+$/);
});

test('of a long line of hostile text nothing stays that the runner or a terminal would take for its own', () => {
  expect(lastWords(`::error::x\u001b[31m\n##[warning]y`)).toBe(':_:error::x\\u{1b}[31m | #_[warning]y');
});

test('nothing said is nothing printed', () => {
  expect(lastWords(' \n\n')).toBe('');
});

test('an undo tells the log from the containers that were lost', () => {
  const stdout = 'log one\nlog lost web\nlost db\nlost \u001b[1mcache\n';
  expect(logged(stdout)).toBe('one\nlost web');
  expect(lostNames(stdout)).toEqual(['db', '\\u{1b}[1mcache']);
});
