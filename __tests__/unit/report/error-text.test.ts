import { expect, test } from '@jest/globals';
import { ActionError, InputError } from '../../../src/errors.ts';
import { errorText } from '../../../src/report/error-text.ts';

test('an error of ours is its message and its hint', () => {
  const error = new ActionError({
    message: 'no route',
    hint: 'look at the cable',
    cause: new Error('EHOSTUNREACH'),
  });
  expect(errorText(error)).toBe('no route\nhint: look at the cable');
});

test('each problem of the inputs has its own hint below it', () => {
  const error = new InputError([
    { input: 'nodes', message: 'is empty', hint: 'name a node' },
    { input: 'ca', message: 'is broken', hint: 'copy it again' },
  ]);
  expect(errorText(error)).toBe('nodes: is empty\nhint: name a node\nca: is broken\nhint: copy it again');
});

test('anything else is a defect, and shows where', () => {
  const text = errorText(new TypeError('x is undefined'));
  expect(text).toMatch(/^this is a defect of the action: TypeError: x is undefined \|.*error-text\.test/);
  expect(text).toMatch(/\nhint: report it with this text/);
});

test('what is thrown need not be an error, nor printable', () => {
  expect(errorText('\u001b[31m##[error]boom')).toMatch(
    /^this is a defect of the action: \\u\{1b\}\[31m#_\[error\]boom\n/,
  );
  expect(errorText(undefined)).toMatch(/^this is a defect of the action: undefined\n/);
});
