import type { Duplex } from 'node:stream';

/** A POSIX shell script for a host, run by `sh` and never spelled out on a command line. */
export type RemoteScript = {
  readonly text: string;
  /** Runs as root: directly where root logged in, else through sudo. */
  readonly asRoot: boolean;
  readonly timeoutMs: number;
};

export type ScriptResult = {
  /** The exit status; `undefined` when a signal ended the script. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/** A file to upload: its plain name and its bytes. It is created with mode 0600, never wider for a moment. */
export type RemoteFile = {
  readonly name: string;
  readonly content: Buffer;
};

/** What became of an attempt to open a TCP connection. */
export type Dialled =
  | { readonly kind: 'connected'; readonly stream: Duplex }
  /** The SSH server does not forward TCP at all. */
  | { readonly kind: 'forbidden' }
  /** Somebody answered that nothing listens there. */
  | { readonly kind: 'closed'; readonly reason: string }
  /** Nobody answered, or there is no route. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** A script that runs until it is released, the connection ends, or it hears nothing from us for some time. */
export type HeldScript = {
  /** The first line that it printed; empty when it ended without one. */
  readonly firstLine: string;
  release(): void;
};

/** One authenticated SSH connection to one host, whose key was known beforehand. */
export type RemoteHost = {
  /** Whether the connection still stands, as far as we know. */
  readonly isOpen: boolean;
  /**
   * A non-zero status is a value, not an error. Rejects with ConnectionLostError when the connection ends before the
   * script does, and with ActionError when time is up.
   */
  run(script: RemoteScript): Promise<ScriptResult>;
  /** Starts a script as root whose standard input gets a line every `heartbeatMs`. Resolves with its first line. */
  hold(text: string, heartbeatMs: number): Promise<HeldScript>;
  /**
   * Creates a fresh directory (0700) in the login directory and writes the files into it over SFTP.
   * Resolves to its absolute path. Rejects with ActionError; what was written until then is removed, unless the host
   * did not answer until all of the time was up.
   */
  upload(directory: string, files: readonly RemoteFile[], timeoutMs: number): Promise<string>;
  /** Opens a TCP connection from the host, through the SSH connection. Never rejects. */
  dial(host: string, port: number): Promise<Dialled>;
  close(): void;
};
