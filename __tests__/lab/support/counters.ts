import { expect } from '@jest/globals';
import { type LabNode, pidOfPayload, secondsOf, startCounter } from '../../../lab/node.ts';

/** A busy container on each node, with its process id and the second in which it was started. */
export type Counters = ReadonlyMap<LabNode, { readonly pid: number; readonly start: number }>;

/** Above the one second between two counts, since the machine may be busy; a container that is started anew loses all. */
const LONGEST_GAP_SECONDS = 5;

/** Starts a container on each node that counts the seconds. */
export async function startCounters(nodes: readonly LabNode[]): Promise<Counters> {
  const started = nodes.map(async (node) => {
    const pid = await startCounter(node, 'counter');
    return [node, { pid, start: await now(node) }] as const;
  });
  return new Map(await Promise.all(started));
}

/** Asserts that no container was started anew. */
export async function expectSameProcesses(counters: Counters): Promise<void> {
  for (const [node, { pid }] of counters) expect(await pidOfPayload(node, 'counter')).toBe(pid);
}

/** Asserts that each has been at work from its start until now. */
export async function expectEverySecond(counters: Counters): Promise<void> {
  for (const [node, { start }] of counters) {
    const seconds = [start, ...(await secondsOf(node, 'counter')), await now(node)];
    const gaps = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(LONGEST_GAP_SECONDS);
    expect(seconds.length).toBeGreaterThan(10);
  }
}

async function now(node: LabNode): Promise<number> {
  return Number(await node.script('date +%s'));
}
