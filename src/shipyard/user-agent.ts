import { createHash } from 'node:crypto';

/**
 * Shipyard keeps one token for each account and User-Agent, for ever, and a login under a User-Agent ends the session of
 * the last one. With one of our own we never end the session of a person or of the original CLI.
 */
export const USER_AGENT = 'shipyard-cluster';

/** Runs over different parts of an inventory may go on at once: each part has one of its own, the same at every run. */
export function userAgentFor(only: 'all' | readonly string[]): string {
  if (only === 'all') return USER_AGENT;
  const names = [...only].sort().join('\n');
  return `${USER_AGENT}/${createHash('sha256').update(names).digest('hex').slice(0, 8)}`;
}
