import { InputError } from '../errors.ts';

/** An error about one input; `message` goes on after the input's name and a colon. */
export function problem(input: string, message: string, hint: string): InputError {
  return new InputError([{ input, message, hint }]);
}
