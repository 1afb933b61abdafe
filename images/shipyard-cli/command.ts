import type { Client } from './client.ts';
import type { Flag, Parsed } from './flags.ts';
import type { Io } from './io.ts';

/** One word after `shipyard`. Without an `action` it is a command of the original that is not built here. */
export type Command = {
  readonly name: string;
  readonly usage: string;
  readonly description?: string;
  readonly flags: readonly Flag[];
  readonly action?: (context: Context) => Promise<void>;
};

export type Context = {
  readonly io: Io;
  readonly flags: Parsed;
  /** Reads `.shipyardrc`; throws Fatal where there is none. */
  readonly client: () => Client;
  readonly allowInsecure: boolean;
};

/** A command without flags. */
export const command = (name: string, usage: string, action?: Command['action']): Command => ({
  name,
  usage,
  flags: [],
  ...(action === undefined ? {} : { action }),
});

export const textFlag = (names: readonly [string, ...string[]], usage: string, fallback = ''): Flag => ({
  kind: 'text',
  names,
  usage,
  fallback,
});
