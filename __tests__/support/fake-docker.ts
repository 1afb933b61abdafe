import type { ArchivedFile, Docker, DockerResult, DockerStep } from '../../src/ports/docker.ts';

export const CONTAINER = 'c0ffee'.repeat(10);
export const OWN_IMAGE = 'shipyard-cluster/shipyard-cli:test';

/** What docker answers, by its first argument; the rest of a result is that of success. */
export type Answers = Readonly<Record<string, Partial<DockerResult> | Error>>;

/** A docker that keeps its command lines and what it got on standard input; an archive is its files as JSON. */
export class FakeDocker implements Docker {
  readonly commands: (readonly string[])[] = [];
  readonly steps: DockerStep[] = [];
  readonly archives: (readonly ArchivedFile[])[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  run(args: readonly string[], step: DockerStep, input?: Buffer): Promise<DockerResult> {
    this.commands.push(args);
    this.steps.push(step);
    if (input) this.archives.push(JSON.parse(input.toString()) as readonly ArchivedFile[]);
    const answer = this.#answers[args[0] ?? ''] ?? (args[0] === 'create' ? { stdout: `${CONTAINER}\n` } : {});
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ status: 0, stdout: '', stderr: '', ...answer });
  }

  start(container: string): Promise<DockerResult> {
    return this.run(['start', container], { what: 'waiting for it', limitMs: 0 });
  }

  cliImage(): Promise<string> {
    return Promise.resolve(OWN_IMAGE);
  }

  archive(files: readonly ArchivedFile[]): Promise<Buffer> {
    return Promise.resolve(Buffer.from(JSON.stringify(files)));
  }
}
