import { beforeEach, expect, test } from '@jest/globals';
import { retried } from '../../../src/adapters/ssh-retry.ts';
import { ActionError, UnreachableError } from '../../../src/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { NOW } from '../../support/fakes.ts';

const explanation = { message: 'no route', hint: 'look at the cable' };
let clock: FakeClock;
let limits: number[];

beforeEach(() => {
  clock = new FakeClock(NOW);
  limits = [];
});

test('what succeeds at once is tried once, with all the time', async () => {
  expect(await retried(attempts('yes'), 20_000, clock)).toBe('yes');
  expect(limits).toEqual([20_000]);
});

test('what cannot be reached is tried two more times, after 1 s and 3 s, with the time that is left', async () => {
  const unreachable = new UnreachableError(explanation);
  await expect(retried(attempts(unreachable), 20_000, clock)).rejects.toBe(unreachable);
  expect(limits).toEqual([20_000, 19_000, 16_000]);
});

test('the second attempt may be the last', async () => {
  expect(await retried(attempts(new UnreachableError(explanation), 'yes'), 20_000, clock)).toBe('yes');
  expect(limits).toHaveLength(2);
});

test('another error ends it', async () => {
  const refused = new ActionError(explanation);
  await expect(retried(attempts(refused), 20_000, clock)).rejects.toBe(refused);
  expect(limits).toHaveLength(1);
});

test('a host that was silent for long is not asked again', async () => {
  const silent = async (limitMs: number): Promise<never> => {
    limits.push(limitMs);
    await clock.sleep(5001);
    throw new UnreachableError(explanation);
  };
  await expect(retried(silent, 20_000, clock)).rejects.toThrow('no route');
  expect(limits).toHaveLength(1);
});

test('nor is one for which no time is left', async () => {
  await expect(retried(attempts(new UnreachableError(explanation)), 2000, clock)).rejects.toThrow('no route');
  expect(limits).toEqual([2000, 1000]);
});

/** Gives its results in turn, the last one again and again. */
function attempts(...results: (string | Error)[]): (limitMs: number) => Promise<string> {
  return (limitMs) => {
    limits.push(limitMs);
    const result = (results.length > 1 ? results.shift() : results[0]) ?? '';
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
}
