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

test('what a message or hint cites of another machine is data', () => {
  const error = new ActionError({ message: '##[error]a\u001b[31m', hint: 'b\r::add-mask::x' });
  expect(errorText(error)).toBe('#_[error]a\\u{1b}[31m\nhint: b\\u{d}::add-mask::x');
  const problem = { input: 'nodes', message: 'a\n::add-mask::x', hint: '##[group]' };
  expect(errorText(new InputError([problem]))).toBe('nodes: a\n:_:add-mask::x\nhint: #_[group]');
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
