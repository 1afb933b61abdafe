import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Values = Readonly<Record<string, string>>;

export type Step = {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Values;
};
export type Job = {
  readonly environment?: string;
  readonly steps: readonly Step[];
  readonly outputs?: Values;
};
export type Workflow = {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
};

/** Where the examples say that the action is; here it is dist/. */
export const ACTION = 'OWNER/ACTION@v1';

/** The text of an example, by the name of its file without the ending. */
export function exampleText(name: string): string {
  return readFileSync(`.github/workflows/${name}.yml`, 'utf8');
}

/** The example with what its comments leave to the reader put in force. */
export function uncommented(text: string): string {
  return text.replace(/^( +)# ([a-z-]+: (?:cluster|\$\{\{.*\}\}))$/gm, '$1$2');
}

export function parseExample(text: string): Workflow {
  return parse(text) as Workflow;
}

/** A text with its expressions replaced by what they stand for. */
export function evaluate(text: string, context: object): string {
  return text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, path: string) => lookUp(path, context));
}

export function evaluateAll(values: Readonly<Record<string, unknown>>, context: object): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluate(String(value), context)]),
  );
}

/** Whether a step runs, after a failure or without one. The examples join always() and outputs that must not be empty. */
export function isDue({ if: condition = '' }: Step, hasFailed: boolean, context: object): boolean {
  const parts = condition === '' ? [] : condition.split(' && ');
  if (hasFailed && !parts.includes('always()')) return false;
  return parts.every((part) => {
    if (part === 'always()') return true;
    const [, path] = /^([\w.-]+) != ''$/.exec(part) ?? [];
    if (path === undefined) throw new Error(`the examples have no condition like: ${part}`);
    return lookUp(path, context) !== '';
  });
}

/** The examples use nothing but names with dots between them; what is not there is empty, as with GitHub. */
function lookUp(path: string, context: object): string {
  let value: unknown = context;
  for (const name of path.split('.'))
    value = value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined;
  return typeof value === 'string' ? value : '';
}
