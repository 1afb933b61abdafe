import type { HttpResponse } from '../ports/http.ts';

/** For a limit that does not say how long it lasts ("at least one minute", says GitHub's documentation). */
const UNTOLD_SECONDS = 60;

/**
 * For how many seconds GitHub takes no more requests, by "Exceeding the rate limit" of its documentation: retry-after,
 * else the reset of a limit that is used up. Undefined for an answer that tells of no limit.
 */
export function rateLimitSeconds(
  { status, body, headers = {} }: HttpResponse,
  now: Date,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const retryAfter = headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const reset = headers['x-ratelimit-reset'] ?? '';
  if (headers['x-ratelimit-remaining'] === '0' && /^\d{1,12}$/.test(reset))
    return Math.max(1, Math.ceil(Number(reset) - now.getTime() / 1000));
  return status === 429 || /rate limit/i.test(body) ? UNTOLD_SECONDS : undefined;
}
