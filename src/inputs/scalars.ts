import { ActionError } from '../errors.ts';
import { suggest } from './nearest.ts';
import { quote } from './quote.ts';

/** Booleans are those of YAML 1.2's core schema, as in GitHub's own toolkit; "yes" or "1" would be a guess. */
export function parseBoolean(text: string): boolean {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  throw new ActionError({
    message: `must be true or false, not ${quote(text)}`,
    hint: 'write true or false',
  });
}

export type Range = {
  readonly min: number;
  readonly max: number;
  /** What a value beyond the range would break; part of the message. */
  readonly reason?: string;
};

/** A whole number in decimal digits, without sign and leading zeros, within the range (both ends included). */
export function parseInteger(text: string, { min, max, reason }: Range): number {
  const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new ActionError({
    message: `must be a whole number from ${min} to ${max}, not ${quote(text)}${reason ? ` (${reason})` : ''}`,
    hint: `write a number from ${min} to ${max} in digits`,
  });
}

/** One of the known words, written exactly so. */
export function parseChoice<T extends string>(text: string, known: readonly T[]): T {
  const choice = known.find((word) => word === text);
  if (choice !== undefined) return choice;
  throw new ActionError({ message: `${quote(text)} is not known`, hint: suggest(text, known) });
}
