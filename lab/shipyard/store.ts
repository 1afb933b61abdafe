import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Account, Role, Token } from './account.ts';
import type { EngineRow } from './engine-row.ts';
import type { Event } from './events.ts';
import type { ServiceKey } from './service-keys.ts';

/** What the real controller keeps in its database. */
export type Rows = {
  accounts: Account[];
  roles: Role[];
  serviceKeys: ServiceKey[];
  engines: EngineRow[];
  events: Event[];
  /** Every token that a login was ever given, for those who look whether one was shown; the real one keeps the valid ones. */
  issued: Token[];
};

/** The rows, and `save`, to be called after each change of them. */
export type Store = { readonly rows: Rows; readonly save: () => void };

/** Opens the file, or starts empty where there is none. Without a name nothing outlives the process. */
export const openStore = (file: string | undefined): Store => {
  if (file === undefined) {
    return { rows: noRows(), save: () => undefined };
  }
  const rows = read(file);
  return {
    rows,
    save: () => {
      // A rename, so that a process killed here leaves the old file or the new one. It holds private keys.
      writeFileSync(`${file}.new`, JSON.stringify(rows), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
};

const noRows = (): Rows => ({
  accounts: [],
  roles: [],
  serviceKeys: [],
  engines: [],
  events: [],
  issued: [],
});

const read = (file: string): Rows => {
  try {
    return { ...noRows(), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Rows>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return noRows();
    }
    throw error;
  }
};
