import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthRow } from './shipyard-recording.ts';
import type { EngineState, Session } from './shipyard-session.ts';

/** By the engine's name: its health, whether there is a response time, its Docker version. */
export type States = Extract<HealthRow, { phase: string }>['engines'];

/** Looks at the list of engines all the time and remembers each state that it was in. */
export type HealthWatch = {
  readonly now: () => States;
  /** Waits until the list is, or has been since what was asked for last, in that state. Rejects after 5 s. */
  readonly reaches: (wanted: States) => Promise<void>;
  readonly stop: () => Promise<void>;
};

export const watchHealth = (session: Session): HealthWatch => {
  const history: string[] = ['{}'];
  let position = 0;
  const end = new AbortController();
  const watching = (async () => {
    while (!end.signal.aborted) {
      const state = JSON.stringify(statesOf((await session.read('/api/engines')) as readonly EngineState[]));
      if (state !== history.at(-1)) {
        history.push(state);
      }
      await sleep(2);
    }
  })();
  return {
    now: () => JSON.parse(history.at(-1) ?? '{}') as States,
    reaches: async (wanted) => {
      const text = JSON.stringify(wanted);
      for (let waited = 0; waited < 5000; waited += 10) {
        const found = history.indexOf(text, position);
        if (found !== -1) {
          position = found;
          return;
        }
        await sleep(10);
      }
      throw new Error(`never reached ${text} in ${history.slice(position).join(' ')}`);
    },
    stop: async () => {
      end.abort();
      await watching;
    },
  };
};

const statesOf = (rows: readonly EngineState[]): States =>
  Object.fromEntries(
    rows
      .toSorted((one, other) => ((one.engine.id ?? '') < (other.engine.id ?? '') ? -1 : 1))
      .map(({ engine, health, docker_version }) => [
        engine.id ?? '',
        [health.status, health.response_time === undefined ? 'rt absent' : 'rt>0', docker_version ?? null],
      ]),
  );
