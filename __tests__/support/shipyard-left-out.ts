import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The recorded cases that no test replays, by name, each with its reason. */
export type LeftOut = Readonly<Record<'http' | 'cli' | 'health' | 'tls', Readonly<Record<string, string>>>>;

export const leftOut = JSON.parse(
  readFileSync(join(import.meta.dirname, 'shipyard-left-out.json'), 'utf8'),
) as LeftOut;
