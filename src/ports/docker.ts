import { ActionError } from '../errors.ts';

export type DockerResult = {
  /** The exit status of the docker command, or of the container's program where it runs one. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** What a docker command is for, as it follows "while", and how long it may take. */
export type DockerStep = { readonly what: string; readonly limitMs: number };

/** Docker has not answered in time: unlike one that is not there, it may have containers. */
export class DockerTimeoutError extends ActionError {}

/** The docker command of this machine. Secrets reach it on standard input only, never as an argument. */
export type Docker = {
  /**
   * Rejects with ActionError when there is no docker command, and when it has not ended in time, after which it is ended.
   * A non-zero status is a value.
   */
  run(args: readonly string[], step: DockerStep, input?: Buffer): Promise<DockerResult>;
  /** Starts a created container and waits for its end; one that takes longer is killed, and that is an ActionError. */
  start(container: string, limitMs: number): Promise<DockerResult>;
  /** The image of our own Shipyard CLI; made on the first call, without any network. Rejects with ActionError. */
  cliImage(): Promise<string>;
  /** A tar archive of small files, for `docker cp -`. */
  archive(files: readonly ArchivedFile[]): Promise<Buffer>;
};

export type ArchivedFile = {
  /** Absolute path in the container. */
  readonly path: string;
  readonly content: string | Buffer;
  readonly mode: number;
};
