import { InputError, type InputProblem } from '../errors.ts';
import type { InputSource } from '../ports/input-source.ts';
import { Secret } from '../secret.ts';
import { attempt } from './attempt.ts';
import type { Problems } from './problems.ts';
import type { Command } from './request.ts';

/** Reads inputs by name. What is wrong with one goes to `problems`, and `undefined` comes back. */
export class InputReader {
  readonly #source: InputSource;
  readonly #problems: Problems;

  constructor(source: InputSource, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
  }

  /** The input as it is given, empty when it is not. */
  text(name: string): string {
    return this.#source.input(name);
  }

  /** The input through `parse`, which throws ActionError; `fallback` when the input is empty. */
  parsed<T, F>(name: string, parse: (text: string) => T, fallback: F): T | F | undefined {
    const text = this.text(name);
    return text === '' ? fallback : this.attempt(name, () => parse(text));
  }

  secret(name: string): Secret | undefined {
    const text = this.text(name);
    return text === '' ? undefined : new Secret(text);
  }

  /** A secret without which the command cannot do its work. */
  requiredSecret(name: string, command: Command): Secret | undefined {
    const secret = this.secret(name);
    if (!secret)
      this.refuse({
        input: name,
        message: `is empty, but command ${command} needs it: ${EMPTY_SECRET}`,
        hint: secretHint(name),
      });
    return secret;
  }

  readFile(path: string): string | undefined {
    return this.#source.readFile(path);
  }

  /** The result of `check`; what it throws about inputs is reported as theirs, any other ActionError as this one's. */
  attempt<T>(name: string, check: () => T): T | undefined {
    return attempt(check, (error) => {
      if (error instanceof InputError) for (const problem of error.problems) this.refuse(problem);
      else this.refuse({ input: name, message: error.message, hint: error.hint });
    });
  }

  refuse(problem: InputProblem): void {
    this.#problems.add(problem);
  }
}

/** GitHub gives an empty text for a secret that it does not have or does not hand out, without a word. */
export const EMPTY_SECRET =
  'the secret may be missing, misspelt or not available to this event (pull requests from forks, Dependabot)';

/** How to give a secret to an input. */
export function secretHint(name: string): string {
  return `set ${name}: \${{ secrets.${name.toUpperCase().replaceAll('-', '_')} }} and store a secret of that name for the repository or the job's environment`;
}
