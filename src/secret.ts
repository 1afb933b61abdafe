/**
 * A value that must never reach a log, an output or a command line.
 *
 * Whatever prints it (a template string, JSON, an inspector) sees `***`; only `reveal()` gives the text,
 * so that every place that uses a secret can be found by that word.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}
