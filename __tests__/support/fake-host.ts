import type {
  Dialled,
  RemoteFile,
  RemoteHost,
  RemoteScript,
  ScriptResult,
} from '../../src/ports/remote-host.ts';

export type Upload = { readonly directory: string; readonly files: readonly RemoteFile[] };

/** Answers a script: a part of its result (the rest is that of success), or an error that `run` rejects with. */
export type Answer = (script: RemoteScript) => Partial<ScriptResult> | Error;

/** A host that keeps what it is told, and answers as the test says. */
export class FakeHost implements RemoteHost {
  readonly scripts: RemoteScript[] = [];
  readonly uploads: Upload[] = [];
  isClosed = false;
  readonly #answer: Answer;
  readonly #dial: () => Dialled;

  constructor(
    answer: Answer = () => ({}),
    dial: () => Dialled = () => ({ kind: 'closed', reason: 'nothing listens' }),
  ) {
    this.#answer = answer;
    this.#dial = dial;
  }

  run(script: RemoteScript): Promise<ScriptResult> {
    this.scripts.push(script);
    const answer = this.#answer(script);
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ status: 0, stdout: '', stderr: '', ...answer });
  }

  upload(directory: string, files: readonly RemoteFile[]): Promise<string> {
    this.uploads.push({ directory, files });
    return Promise.resolve(`/root/${directory}`);
  }

  dial(): Promise<Dialled> {
    return Promise.resolve(this.#dial());
  }

  close(): void {
    this.isClosed = true;
  }
}
