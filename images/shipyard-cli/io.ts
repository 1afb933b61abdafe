/** All that the program touches, so that it can run inside a test as well as in a process of its own. */
export type Io = {
  readonly home: Home;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: Files;
  readonly now: () => Date;
  /** How long one request may take, answer included. */
  readonly requestLimitMs: number;
};

/** Where `.shipyardrc` lies: the home of the user's passwd entry, never `$HOME`. A user without an entry has none. */
export type Home =
  { readonly kind: 'known'; readonly directory: string } | { readonly kind: 'unknown'; readonly uid: number };

export type Input = {
  /** Waits for input and gives at most `size` bytes of it; none at the end. */
  readonly read: (size: number) => Buffer;
  /** Switches echo, lines and signals of the terminal off or on; `undefined` where input is no terminal. */
  readonly setRaw: ((raw: boolean) => void) | undefined;
};

export type Output = { readonly isTerminal: boolean; readonly write: (text: string) => void };

export type Files = {
  /** Throws the error of `node:fs`, with its `code` and `syscall`. */
  readonly read: (path: string) => string;
  /**
   * Writes over the beginning of a file, and neither truncates it nor changes its mode; a new file gets 0600.
   * Throws the error of `node:fs`.
   */
  readonly overwrite: (path: string, text: string) => void;
};
