import type { Duplex } from 'node:stream';

/** A POSIX shell script for a host, run by `sh` and never spelled out on a command line. */
export type RemoteScript = {
  readonly text: string;
  /** Runs as root: directly where root logged in, else through `sudo -n`. */
  readonly asRoot: boolean;
  readonly timeoutMs: number;
};

export type ScriptResult = {
  /** The exit status; `undefined` when a signal or a lost connection ended the script. */
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

/** One authenticated SSH connection to one host, whose key was known beforehand. */
export type RemoteHost = {
  /** A non-zero status is a value, not an error. Rejects with ActionError when the connection fails or time is up. */
  run(script: RemoteScript): Promise<ScriptResult>;
  /**
   * Creates a fresh directory (0700) in the login directory and writes the files into it over SFTP.
   * Resolves to its absolute path. Rejects with ActionError; what was written until then is removed.
   */
  upload(directory: string, files: readonly RemoteFile[]): Promise<string>;
  /** Opens a TCP connection from the host, through the SSH connection. Never rejects. */
  dial(host: string, port: number): Promise<Dialled>;
  close(): void;
};
