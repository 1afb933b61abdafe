import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/** What the runner needs of an action.yml. All values are texts, as the runner has them. */
export type ActionMetadata = {
  /** Every declared input with its default, '' where it has none. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly main: string;
  readonly post: string | undefined;
};

/** Reads `action.yml` of the action in `folder`. Rejects one that is not a Node.js 24 action. */
export function readActionMetadata(folder: string): ActionMetadata {
  const file = join(folder, 'action.yml');
  // The failsafe schema has no booleans and numbers: `default: false` is the text "false".
  const document = parseDocument(readFileSync(file, 'utf8'), { schema: 'failsafe', strict: true });
  if (document.errors[0] !== undefined) throw new Error(`${file}: ${document.errors[0].message}`);
  const { inputs = {}, runs } = document.toJS() as ActionFile;
  if (runs?.using !== 'node24' || runs.main === undefined)
    throw new Error(`${file}: runs must be a node24 action`);
  const defaults = Object.entries(inputs).map(([name, input]) => [name, input?.default ?? ''] as const);
  const expression = defaults.find(([, value]) => value.includes('${{'));
  if (expression !== undefined)
    throw new Error(`${file}: only GitHub can evaluate the default of ${expression[0]}`);
  return { inputs: new Map(defaults), main: runs.main, post: runs.post };
}

type ActionFile = {
  readonly inputs?: Readonly<Record<string, { readonly default?: string } | undefined>>;
  readonly runs?: { readonly using?: string; readonly main?: string; readonly post?: string };
};
