import type { Workflow } from '../../src/ports/workflow.ts';

/** Records all that is shown; a line of the log is `level [node] text`. */
export class FakeWorkflow implements Workflow {
  readonly log: string[] = [];
  readonly masked: string[] = [];
  readonly outputs = new Map<string, string>();
  readonly states = new Map<string, string>();
  readonly summaries: string[] = [];
  /** The title of the group that is open. */
  phase: string | undefined;

  info(text: string, node?: string): void {
    this.#add('info', text, node);
  }

  warning(text: string, node?: string): void {
    this.#add('warning', text, node);
  }

  error(text: string, node?: string): void {
    this.#add('error', text, node);
  }

  async group<T>(title: string, body: () => Promise<T>): Promise<T> {
    this.phase = title;
    try {
      return await body();
    } finally {
      this.phase = undefined;
    }
  }

  mask(secret: string): void {
    this.masked.push(secret);
  }

  output(name: string, value: string): void {
    this.outputs.set(name, value);
  }

  state(name: string, value: string): void {
    this.states.set(name, value);
  }

  summary(markdown: string): Promise<void> {
    this.summaries.push(markdown);
    return Promise.resolve();
  }

  #add(level: string, text: string, node: string | undefined): void {
    this.log.push(node === undefined ? `${level} ${text}` : `${level} [${node}] ${text}`);
  }
}
