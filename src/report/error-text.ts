import { ActionError, InputError } from '../errors.ts';
import { printable } from './printable.ts';

/** More than any message of ours has, with what it cites of other machines. */
const LINE_LIMIT = 4000;

/**
 * An error as a person reads it: what is wrong and, after `hint:`, what to do. One line for each problem and hint.
 * Every line is printable, whatever the error cites.
 */
export function errorText(error: unknown): string {
  if (error instanceof InputError)
    return error.problems.map(({ input, message, hint }) => lines(`${input}: ${message}`, hint)).join('\n');
  if (error instanceof ActionError) return lines(error.message, error.hint);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return lines(
    `this is a defect of the action: ${printable(message, 2000)}`,
    'report it with this text; the nodes that were not named are untouched',
  );
}

function lines(message: string, hint: string): string {
  return `${message}\nhint: ${hint}`
    .split('\n')
    .map((line) => printable(line, LINE_LIMIT))
    .join('\n');
}
