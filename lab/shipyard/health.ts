import { dockerVersion } from './docker-client.ts';
import type { EngineList } from './engine-list.ts';
import type { EngineRow } from './engine-row.ts';
import type { Log } from './log.ts';
import { ping } from './ping.ts';
import type { Store } from './store.ts';

type Options = {
  readonly list: EngineList;
  readonly store: Store;
  readonly log: Log;
  readonly tickMs: number;
};

/**
 * Pings all listed engines, one after the other, at each tick from now on, for ever. There is no limit on an
 * answer: an engine that stays silent holds this checker, and the health of all that follow it, as it is.
 */
export const startHealthChecker = ({ list, store, log, tickMs }: Options): void => {
  let busy = false;
  const check = async (): Promise<void> => {
    if (!busy) {
      busy = true;
      for (const row of list.all()) {
        await checkOne(row, log);
        store.save();
      }
      busy = false;
    }
  };
  setInterval(() => void check(), tickMs);
};

const checkOne = async (row: EngineRow, log: Log): Promise<void> => {
  const start = process.hrtime.bigint();
  const status = await ping(row).catch((error: unknown) => {
    log('warning', `unable to ping engine: ${messageOf(error)}`);
    return 0;
  });
  row.health =
    status === 200
      ? { status: 'up', response_time: Number(process.hrtime.bigint() - start) }
      : { status: 'down', response_time: 0 };
  row.docker_version = await dockerVersion(row).catch((error: unknown) => {
    log('warning', `unable to detect docker version: ${messageOf(error)}`);
    return '';
  });
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
