import { expect, test } from '@jest/globals';
import { endOf } from '../../lab/killed-run.ts';

test.each([
  [137, 'killed'],
  [0, 'ended'],
  [1, 'failed'],
  // By another signal, such as that of a time-out, or of a machine without memory for it.
  [143, 'failed'],
] as const)('a run with exit code %i that was sent SIGKILL has %s', (exitCode, end) => {
  expect(endOf({ exitCode })).toBe(end);
});
