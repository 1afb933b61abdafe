import { expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors.ts';
import { also, proofFailed, rolledBack } from '../../../src/apply/switch-error.ts';

test('a proof that failed says why, and where to look', () => {
  expect(proofFailed({ kind: 'failed', reason: 'read ECONNRESET', final: false })).toMatchObject({
    message: 'the proof failed: read ECONNRESET',
    hint: expect.stringContaining('journalctl -u docker'),
  });
});

test('a change that was put back says why, what Docker logged, and what would do it by hand', () => {
  const cause = new ActionError({ message: 'the proof failed', hint: 'look' });
  expect(rolledBack(cause, 'one\ntwo\n')).toMatchObject({
    message: 'the proof failed; docker logged last: one | two',
    hint: 'look; what was there before is in use again, as by this command on the node: sudo sh /etc/docker/shipyard-cluster/transaction/undo.sh',
    cause,
  });
  expect(rolledBack(cause, '\n').message).toBe('the proof failed');
});

test('of two errors each is told on the same line, without its hint, and the first is the cause', () => {
  const first = new ActionError({ message: 'docker did not start', hint: 'look' });
  const error = also(
    first,
    'it could not be put back',
    new ActionError({ message: 'no space', hint: 'free some' }),
  );
  expect(error.message).toBe('docker did not start; and it could not be put back: no space');
  expect(error.cause).toBe(first);
  expect(error.hint).toContain('sh /etc/docker/shipyard-cluster/transaction/undo.sh');
});

test('what a node said cannot become a command of the workflow', () => {
  const said = new ActionError({ message: 'x', hint: '' });
  expect(also(said, 'y', new ActionError({ message: '::error::forged', hint: '' })).message).not.toContain(
    '::error::',
  );
});
