import pLimit from 'p-limit';
import type { Rollout } from '../inputs/request.ts';

/**
 * Does `work` for each item: first for the canaries, one after the other, then for the rest, as many at once as may be
 * unavailable. Once it resolves to `failed`, and `onFailure` is `stop`, or the run is cancelled, nothing more is begun.
 * Resolves to the results in the order of the items; `undefined` for those not begun.
 */
export async function rollOut<T, R>(
  items: readonly T[],
  { canary, maxUnavailable, onFailure }: Pick<Rollout, 'canary' | 'maxUnavailable' | 'onFailure'>,
  isCancelled: () => boolean,
  work: (item: T) => Promise<{ readonly result: R; readonly failed: boolean }>,
): Promise<readonly (R | undefined)[]> {
  const results: (R | undefined)[] = items.map(() => undefined);
  let stopped = false;
  const begin = async (item: T, index: number): Promise<void> => {
    if (stopped || isCancelled()) return;
    const { result, failed } = await work(item);
    results[index] = result;
    stopped ||= failed && onFailure === 'stop';
  };
  const one = pLimit(1);
  const many = pLimit(atOnce(items.length, maxUnavailable));
  await Promise.all(items.slice(0, canary).map((item, index) => one(() => begin(item, index))));
  await Promise.all(items.slice(canary).map((item, index) => many(() => begin(item, canary + index))));
  return results;
}

function atOnce(total: number, limit: Rollout['maxUnavailable']): number {
  return Math.max(1, 'count' in limit ? limit.count : Math.floor((total * limit.percent) / 100));
}
