import type {
  Dialled,
  HeldScript,
  RemoteFile,
  RemoteHost,
  RemoteScript,
  ScriptResult,
} from '../ports/remote-host.ts';

/** The connection to a node, which can be opened anew; who holds it need not know which one is in use. */
export class NodeConnection implements RemoteHost {
  readonly #connect: () => Promise<RemoteHost>;
  #host: RemoteHost;

  private constructor(connect: () => Promise<RemoteHost>, host: RemoteHost) {
    this.#connect = connect;
    this.#host = host;
  }

  /** Rejects with what `connect` rejects with. */
  static async open(connect: () => Promise<RemoteHost>): Promise<NodeConnection> {
    return new NodeConnection(connect, await connect());
  }

  /** Logs in again where the connection has ended. Rejects with what the login rejects with. */
  async reopen(): Promise<void> {
    if (this.#host.isOpen) return;
    this.#host.close();
    this.#host = await this.#connect();
  }

  /** Does work over a connection of its own, which is a new login. Rejects with what the login or the work rejects with. */
  async beside<T>(work: (host: RemoteHost) => Promise<T>): Promise<T> {
    const host = await this.#connect();
    try {
      return await work(host);
    } finally {
      host.close();
    }
  }

  get isOpen(): boolean {
    return this.#host.isOpen;
  }

  run(script: RemoteScript): Promise<ScriptResult> {
    return this.#host.run(script);
  }

  hold(text: string, heartbeatMs: number): Promise<HeldScript> {
    return this.#host.hold(text, heartbeatMs);
  }

  upload(directory: string, files: readonly RemoteFile[], timeoutMs: number): Promise<string> {
    return this.#host.upload(directory, files, timeoutMs);
  }

  dial(host: string, port: number): Promise<Dialled> {
    return this.#host.dial(host, port);
  }

  close(): void {
    this.#host.close();
  }
}
