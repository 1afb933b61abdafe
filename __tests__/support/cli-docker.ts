import { run } from '../../images/shipyard-cli/run.ts';
import type { ArchivedFile, Docker, DockerResult, DockerStep } from '../../src/ports/docker.ts';
import { CONTAINER, OWN_IMAGE } from './fake-docker.ts';
import { memoryIo } from './shipyard-memory-io.ts';

/** A docker that knows one program, the Shipyard CLI, and runs it for real inside this process. */
export class CliDocker implements Docker {
  readonly #requestLimitMs: () => number;
  #command: readonly string[] = [];
  #files: readonly ArchivedFile[] = [];

  constructor(requestLimitMs: () => number) {
    this.#requestLimitMs = requestLimitMs;
  }

  run(args: readonly string[], _step: DockerStep, input?: Buffer): Promise<DockerResult> {
    if (args[0] === 'create') this.#command = args.slice(args.indexOf('shipyard'));
    if (args[0] === 'cp' && input) this.#files = JSON.parse(input.toString()) as readonly ArchivedFile[];
    return Promise.resolve({ status: 0, stdout: `${CONTAINER}\n`, stderr: '' });
  }

  async start(): Promise<DockerResult> {
    const io = memoryIo({
      home: { kind: 'known', directory: '/root' },
      requestLimitMs: this.#requestLimitMs(),
    });
    const read = (path: string): string => {
      const file = this.#files.find((one) => one.path === path);
      if (!file) throw Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' });
      return String(file.content);
    };
    const status = await run(this.#command, { ...io, files: { ...io.files, read } });
    return { status, ...io.written };
  }

  cliImage(): Promise<string> {
    return Promise.resolve(OWN_IMAGE);
  }

  archive(files: readonly ArchivedFile[]): Promise<Buffer> {
    return Promise.resolve(Buffer.from(JSON.stringify(files)));
  }
}
