import { ActionError } from '../errors.ts';
import { quote } from './quote.ts';
import type { Range } from './scalars.ts';

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/**
 * A time such as `180`, `180s`, `3m` or `1h`, in seconds; a bare number is seconds. The range is in seconds, both ends
 * included. Throws ActionError.
 */
export function parseDuration(text: string, { min, max, reason }: Range): number {
  const { digits, unit = 's' } = /^(?<digits>0|[1-9]\d{0,8})(?<unit>[smh])?$/.exec(text)?.groups ?? {};
  const seconds = digits === undefined ? NaN : Number(digits) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds >= min && seconds <= max) return seconds;
  const range = `from ${formatDuration(min)} to ${formatDuration(max)}`;
  throw new ActionError({
    message: `must be a time ${range}, not ${quote(text)}${reason ? ` (${reason})` : ''}`,
    hint: `write a whole number of seconds, minutes or hours ${range}, such as 90s, 3m or 1h`,
  });
}

/** Whole seconds as `parseDuration` reads them, in the largest unit that leaves no rest. */
export function formatDuration(seconds: number): string {
  if (seconds % SECONDS.h === 0) return `${seconds / SECONDS.h}h`;
  return seconds % SECONDS.m === 0 ? `${seconds / SECONDS.m}m` : `${seconds}s`;
}
