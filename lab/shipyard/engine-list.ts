import { createHash } from 'node:crypto';
import type { EngineRow } from './engine-row.ts';
import { strikes, type Faults } from './faults.ts';
import { startHealthChecker } from './health.ts';
import type { Log } from './log.ts';
import type { Store } from './store.ts';

/**
 * The engines as the controller has loaded them: what the API lists. The rows of the store reach it by
 * `reload`, which also starts one more health checker and stops none, as in 2.0.10.
 */
export type EngineList = {
  readonly all: () => readonly EngineRow[];
  /** One engine a name, the one loaded last: what the scheduler knows. */
  readonly scheduled: () => readonly EngineRow[];
  readonly reload: () => void;
};

type Options = {
  readonly store: Store;
  readonly faults: Faults;
  readonly log: Log;
  readonly tickMs: number;
};

/** A list that has loaded nothing yet. */
export const createEngineList = ({ store, faults, log, tickMs }: Options): EngineList => {
  let loaded: readonly EngineRow[] = [];
  const list: EngineList = {
    all: () => loaded,
    scheduled: () => [...new Map(loaded.map((row) => [row.engine.id, row])).values()],
    reload: () => {
      if (!strikes(faults, 'stale-list')) {
        loaded = inDatabaseOrder(store.rows.engines);
      }
      for (const { engine } of loaded) {
        log('info', `loaded engine id=${engine.id} addr=${engine.addr}`);
      }
      startHealthChecker({ list, store, log, tickMs });
    },
  };
  return list;
};

// As of a hash: not that of insertion, and any change may change it; but the same in every run of a test.
const inDatabaseOrder = (rows: readonly EngineRow[]): readonly EngineRow[] =>
  rows
    .map((row, position) => ({ row, place: digest(`${row.engine.id} ${position}`) }))
    .toSorted((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ row }) => row);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
