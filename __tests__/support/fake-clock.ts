import type { Clock } from '../../src/ports/clock.ts';

/** A clock that only its own sleeps move. */
export class FakeClock implements Clock {
  #ms: number;

  constructor(start: Date) {
    this.#ms = start.getTime();
  }

  now(): Date {
    return new Date(this.#ms);
  }

  sleep(ms: number): Promise<void> {
    this.#ms += ms;
    return Promise.resolve();
  }
}
