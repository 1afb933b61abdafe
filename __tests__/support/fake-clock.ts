import type { Clock } from '../../src/ports/clock.ts';
import type { FakeWorkflow } from './fake-workflow.ts';

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

/** One that takes note of the phases in which somebody waits. */
export class PhaseClock extends FakeClock {
  readonly waited = new Set<string | undefined>();
  readonly #workflow: FakeWorkflow;

  constructor(start: Date, workflow: FakeWorkflow) {
    super(start);
    this.#workflow = workflow;
  }

  override sleep(ms: number): Promise<void> {
    this.waited.add(this.#workflow.phase);
    return super.sleep(ms);
  }
}
