import { ConnectionLostError } from '../../src/errors.ts';
import type {
  Dialled,
  HeldScript,
  RemoteFile,
  RemoteHost,
  RemoteScript,
  ScriptResult,
} from '../../src/ports/remote-host.ts';

export type Upload = {
  readonly directory: string;
  readonly files: readonly RemoteFile[];
  readonly timeoutMs: number;
};

/** Answers a script: a part of its result (the rest is that of success), or an error that `run` rejects with. */
export type Answer = (script: RemoteScript) => Partial<ScriptResult> | Error;

/** A host that keeps what it is told, and answers as the test says. A lost connection stays lost. */
export class FakeHost implements RemoteHost {
  readonly scripts: RemoteScript[] = [];
  readonly uploads: Upload[] = [];
  /** The scripts that were held, and how often one of them was released. */
  readonly held: string[] = [];
  releases = 0;
  isClosed = false;
  isOpen = true;
  readonly #answer: Answer;
  readonly #dial: () => Dialled;
  readonly #firstLine: string;

  constructor(
    answer: Answer = () => ({}),
    dial: () => Dialled = () => ({ kind: 'closed', reason: 'nothing listens' }),
    firstLine = 'locked',
  ) {
    this.#answer = answer;
    this.#dial = dial;
    this.#firstLine = firstLine;
  }

  run(script: RemoteScript): Promise<ScriptResult> {
    if (!this.isOpen) return Promise.reject(connectionLost());
    this.scripts.push(script);
    const answer = this.#answer(script);
    if (answer instanceof ConnectionLostError) this.isOpen = false;
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ status: 0, stdout: '', stderr: '', ...answer });
  }

  hold(text: string): Promise<HeldScript> {
    if (!this.isOpen) return Promise.reject(connectionLost());
    this.held.push(text);
    // A shell that says nothing has ended with its connection.
    if (this.#firstLine === '') this.isOpen = false;
    return Promise.resolve({
      firstLine: this.#firstLine,
      release: () => {
        this.releases += 1;
      },
    });
  }

  upload(directory: string, files: readonly RemoteFile[], timeoutMs: number): Promise<string> {
    this.uploads.push({ directory, files, timeoutMs });
    return Promise.resolve(`/root/${directory}`);
  }

  dial(): Promise<Dialled> {
    return Promise.resolve(this.isOpen ? this.#dial() : { kind: 'unreachable', reason: 'Not connected' });
  }

  reopen(): Promise<void> {
    return this.isOpen ? Promise.resolve() : Promise.reject(connectionLost());
  }

  close(): void {
    this.isClosed = true;
    this.isOpen = false;
  }
}

export function connectionLost(): ConnectionLostError {
  return new ConnectionLostError({ message: 'ssh: the connection was lost', hint: 'look at the network' });
}
