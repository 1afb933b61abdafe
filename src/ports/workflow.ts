/** What GitHub shows of a run. Every text must be printable already; values of outputs may be anything. */
export type Workflow = {
  /** One line of the log, prefixed with the node it is about, where it is about one. */
  info(text: string, node?: string): void;
  warning(text: string, node?: string): void;
  error(text: string, node?: string): void;
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  /** Keeps a secret that we came by ourselves out of everything that is printed from now on. */
  mask(secret: string): void;
  output(name: string, value: string): void;
  /** Keeps a value for the post step of this very step, and for nobody else. It is written to a file: no secrets. */
  state(name: string, value: string): void;
  summary(markdown: string): Promise<void>;
};
