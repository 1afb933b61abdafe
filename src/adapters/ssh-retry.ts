import { UnreachableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Only a fault that came back at once (a refused port, an sshd with too many at its door) is worth another try. */
const QUICK_MS = 5000;
const PAUSES_MS = [1000, 3000];

/**
 * Tries to connect, and again after a pause where the host could not be reached: two more times, and within `limitMs`
 * in all, so that a host that never answers costs this and not three times as much. `attempt` gets the time that is
 * left. Rejects as the last attempt did; every other error ends it at once.
 */
export async function retried<T>(
  attempt: (limitMs: number) => Promise<T>,
  limitMs: number,
  clock: Clock,
): Promise<T> {
  const end = clock.now().getTime() + limitMs;
  for (const pauseMs of PAUSES_MS) {
    const begin = clock.now().getTime();
    try {
      return await attempt(end - begin);
    } catch (error) {
      const now = clock.now().getTime();
      const isWorthIt = now - begin <= QUICK_MS && now + pauseMs < end;
      if (!(error instanceof UnreachableError) || !isWorthIt) throw error;
      await clock.sleep(pauseMs);
    }
  }
  return attempt(end - clock.now().getTime());
}
