import type { Workflow } from '../ports/workflow.ts';

/** GitHub shows ten annotations of a kind for a step, and drops the rest without a word. */
const SHOWN = 9;

type Kind = 'error' | 'warning';

/**
 * A workflow whose first nine errors and first nine warnings are annotations. The rest are lines of the log, and one
 * last annotation of each kind says how many they were and of which nodes.
 */
export class AnnotationLimit implements Workflow {
  readonly #workflow: Workflow;
  readonly #told: Record<Kind, (string | undefined)[]> = { error: [], warning: [] };

  constructor(workflow: Workflow) {
    this.#workflow = workflow;
  }

  info(text: string, node?: string): void {
    this.#workflow.info(text, node);
  }

  warning(text: string, node?: string): void {
    this.#annotate('warning', text, node);
  }

  error(text: string, node?: string): void {
    this.#annotate('error', text, node);
  }

  group<T>(title: string, body: () => Promise<T>): Promise<T> {
    return this.#workflow.group(title, body);
  }

  mask(secret: string): void {
    this.#workflow.mask(secret);
  }

  output(name: string, value: string): void {
    this.#workflow.output(name, value);
  }

  state(name: string, value: string): void {
    this.#workflow.state(name, value);
  }

  summary(markdown: string): Promise<void> {
    return this.#workflow.summary(markdown);
  }

  /** Says in one annotation of each kind what was left out. To be called when everything else is said. */
  sumUp(): void {
    for (const kind of ['error', 'warning'] as const) {
      const rest = this.#told[kind].slice(SHOWN);
      if (rest.length === 0) continue;
      const nodes = [...new Set(rest.filter((node) => node !== undefined))];
      const names =
        nodes.slice(0, 50).join(', ') + (nodes.length > 50 ? ` and ${nodes.length - 50} more` : '');
      const of = names === '' ? '' : `, of ${names}`;
      this.#workflow[kind](
        `${rest.length} more ${kind}(s)${of}: they are in the log of this step and in its summary`,
      );
    }
  }

  #annotate(kind: Kind, text: string, node: string | undefined): void {
    this.#told[kind].push(node);
    if (this.#told[kind].length <= SHOWN) this.#workflow[kind](text, node);
    else this.#workflow.info(`${kind}: ${text}`, node);
  }
}
