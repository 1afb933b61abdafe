import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Clock } from '../ports/clock.ts';

/** Adds up how long each node was worked on. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #spentMs = new Map<NodeSpec, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async during<T>(spec: NodeSpec, work: () => Promise<T>): Promise<T> {
    const start = this.#clock.now().getTime();
    try {
      return await work();
    } finally {
      const spent = this.#clock.now().getTime() - start;
      this.#spentMs.set(spec, (this.#spentMs.get(spec) ?? 0) + spent);
    }
  }

  /** In whole seconds. */
  spent(spec: NodeSpec): number {
    return Math.round((this.#spentMs.get(spec) ?? 0) / 1000);
  }
}
