import { InputError, type InputProblem } from '../errors.ts';

/** Collects what is wrong with the inputs, so that all of it is reported at once. */
export class Problems {
  readonly #found: InputProblem[] = [];

  add(problem: InputProblem): void {
    this.#found.push(problem);
  }

  /** The InputError that tells them all, in the order in which they were added. */
  toError(): InputError {
    return new InputError(this.#found);
  }

  get count(): number {
    return this.#found.length;
  }
}
