import { ActionError } from '../errors.ts';
import { attempt } from '../inputs/attempt.ts';
import { suggest } from '../inputs/nearest.ts';
import { quote } from '../inputs/quote.ts';
import { printable } from '../report/printable.ts';
import type { Entry, Position, Report, Written } from './entry.ts';

/** Reads the fields of one entry. Parsers throw ActionError; it is reported with the place, and `undefined` comes back. */
export class FieldReader {
  readonly #entry: Entry;
  readonly #report: Report;
  readonly #name: string;

  constructor(entry: Entry, report: Report) {
    this.#entry = entry;
    this.#report = report;
    // Shown beside the path, so that a node can be found without counting.
    const name = entry.fields.get('name')?.value;
    this.#name =
      name?.kind === 'single' && name.value.text !== '' ? ` (${printable(name.value.text, 63)})` : '';
  }

  required<T>(key: string, parse: (text: string) => T): T | undefined {
    if (!this.#entry.fields.has(key))
      this.refuse(this.#entry.at, key, { message: 'is missing', hint: 'every node has a name and a host' });
    return this.optional(key, parse, undefined);
  }

  optional<T, F>(key: string, parse: (text: string) => T, fallback: F): T | F | undefined {
    const value = this.#entry.fields.get(key)?.value;
    if (!value) return fallback;
    if (value.kind === 'single') return this.#attempt(key, value.value, parse);
    const problem = { message: 'is a list', hint: 'write one text' };
    if (value.kind === 'list') this.refuse(this.positionOf(key), key, problem);
    else this.refuse(value.at, key, value.problem);
    return undefined;
  }

  /** A single text counts as a list of one. What cannot be parsed is reported and left out. */
  list<T>(key: string, parse: (text: string) => T): T[] {
    const value = this.#entry.fields.get(key)?.value;
    if (value?.kind === 'unusable') this.refuse(value.at, key, value.problem);
    if (!value || value.kind === 'unusable') return [];
    const written = value.kind === 'list' ? value.values : [value.value];
    return written.flatMap((element) => this.#attempt(key, element, parse) ?? []);
  }

  refuseUnknown(known: readonly string[]): void {
    for (const [key, { key: at }] of this.#entry.fields)
      if (!known.includes(key))
        this.#report(at, `nodes[${this.#entry.index}]${this.#name}`, {
          message: `the key ${quote(key)} is not known`,
          hint: key === '<<' ? 'YAML 1.2 has no merge keys; write the keys out' : suggest(key, known),
        });
  }

  refuse(at: Position, key: string, problem: { message: string; hint: string }): void {
    this.#report(at, `nodes[${this.#entry.index}].${key}${this.#name}`, problem);
  }

  /** Where the key stands, or the entry when it has no such key. */
  positionOf(key: string): Position {
    return this.#entry.fields.get(key)?.key ?? this.#entry.at;
  }

  #attempt<T>(key: string, { text, at }: Written, parse: (text: string) => T): T | undefined {
    return attempt(
      () => {
        if (text.trim() === '')
          throw new ActionError({ message: 'is empty', hint: 'give it a value, or remove it' });
        return parse(text);
      },
      (problem) => this.refuse(at, key, problem),
    );
  }
}
