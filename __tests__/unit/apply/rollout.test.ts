import { expect, test } from '@jest/globals';
import { rollOut } from '../../../src/apply/rollout.ts';

const cautious = { canary: 1, maxUnavailable: { count: 1 }, onFailure: 'stop' } as const;

/** Does the work of each name and notes how many were at it at the same time. */
function workers(failing: readonly string[] = []) {
  let busy = 0;
  const seen: { readonly begun: string[]; most: number } = { begun: [], most: 0 };
  const work = async (name: string) => {
    seen.begun.push(name);
    busy += 1;
    seen.most = Math.max(seen.most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    return { result: `${name} done`, failed: failing.includes(name) };
  };
  return { seen, work };
}

const running = (): boolean => false;

test('goes through the items in order, one at a time', async () => {
  const { seen, work } = workers();
  expect(await rollOut(['a', 'b', 'c'], cautious, running, work)).toEqual(['a done', 'b done', 'c done']);
  expect(seen).toEqual({ begun: ['a', 'b', 'c'], most: 1 });
});

test('takes as many at once as may be unavailable, after the canary', async () => {
  const { seen, work } = workers();
  await rollOut(['a', 'b', 'c', 'd'], { ...cautious, maxUnavailable: { count: 3 } }, running, work);
  expect(seen).toEqual({ begun: ['a', 'b', 'c', 'd'], most: 3 });
});

test.each([
  [10, 50, 5],
  [3, 50, 1],
  [3, 10, 1],
  [4, 100, 4],
])('of %i items %i %% are %i at once', async (total, percent, most) => {
  const { seen, work } = workers();
  const items = Array.from({ length: total }, (_, index) => String(index));
  await rollOut(items, { ...cautious, canary: 0, maxUnavailable: { percent } }, running, work);
  expect(seen.most).toBe(most);
});

test('stops at the first failure: the rest is not begun', async () => {
  const { seen, work } = workers(['a']);
  const rollout = { ...cautious, maxUnavailable: { count: 5 } };
  expect(await rollOut(['a', 'b', 'c'], rollout, running, work)).toEqual(['a done', undefined, undefined]);
  expect(seen.begun).toEqual(['a']);
});

test('goes on after a failure where that is asked', async () => {
  const { seen, work } = workers(['a', 'b']);
  await rollOut(['a', 'b', 'c'], { ...cautious, onFailure: 'continue' }, running, work);
  expect(seen.begun).toEqual(['a', 'b', 'c']);
});

test('begins nothing more once it is cancelled', async () => {
  const { seen, work } = workers();
  const isCancelled = (): boolean => seen.begun.length === 2;
  expect(await rollOut(['a', 'b', 'c'], cautious, isCancelled, work)).toEqual([
    'a done',
    'b done',
    undefined,
  ]);
});
