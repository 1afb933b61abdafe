/** What an error must tell: what is wrong (one sentence, lower case, no final period) and what to do about it. */
export type Explanation = {
  readonly message: string;
  readonly hint: string;
  readonly cause?: unknown;
};

/** An error that a user can act upon. Everything else that is thrown is a defect of ours. */
export class ActionError extends Error {
  override readonly name: string = 'ActionError';
  readonly hint: string;

  constructor({ message, hint, cause }: Explanation) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}

/** One thing that is wrong with one input: the input's name as in action.yml, what is wrong, what to do. */
export type InputProblem = {
  readonly input: string;
  readonly message: string;
  readonly hint: string;
};

/** All that is wrong with the inputs, reported at once, so that one run is enough to mend them. */
export class InputError extends ActionError {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super({
      message: problems.map(({ input, message }) => `${input}: ${message}`).join('\n'),
      hint: problems.map(({ input, hint }) => `${input}: ${hint}`).join('\n'),
    });
    this.problems = problems;
  }
}

/** An SSH connection that stood ended before its work did: what it was doing may or may not have been done. */
export class ConnectionLostError extends ActionError {
  override readonly name = 'ConnectionLostError';
}

/** A host that could not be reached, gave no answer in time, or hung up before the login: it may be there a moment later. */
export class UnreachableError extends ActionError {
  override readonly name = 'UnreachableError';
}

/** A server that took its time: it is there, and gave no answer to a request within the limit. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(limitMs: number, cause?: unknown) {
    super(`no answer within ${limitMs / 1000} s`, { cause });
  }
}

/** What an error says, whatever was thrown. Not printable yet. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
