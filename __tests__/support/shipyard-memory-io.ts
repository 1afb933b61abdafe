import type { Home, Io } from '../../images/shipyard-cli/io.ts';
import { processIo } from '../../images/shipyard-cli/process-io.ts';

/** What a run of the CLI inside this process reads, and what it has written. */
export type MemoryIo = Io & { readonly written: { stdout: string; stderr: string } };

export type MemoryOptions = {
  readonly home: Home;
  readonly stdin?: string;
  readonly env?: Io['env'];
  readonly now?: Date;
  /** Where the files below `/certs` lie. */
  readonly certificates?: string;
  readonly requestLimitMs?: number;
};

/** No terminal, files on the disk, input and output in memory. */
export const memoryIo = (options: MemoryOptions): MemoryIo => {
  const { files } = processIo(options.home);
  const written = { stdout: '', stderr: '' };
  let input = Buffer.from(options.stdin ?? '');
  return {
    home: options.home,
    env: options.env ?? {},
    stdin: {
      read: (size) => {
        const chunk = input.subarray(0, size);
        input = input.subarray(size);
        return chunk;
      },
      setRaw: undefined,
    },
    stdout: { isTerminal: false, write: (text) => (written.stdout += text) },
    stderr: { isTerminal: false, write: (text) => (written.stderr += text) },
    files: {
      read: (path) => files.read(path.replace(/^\/certs(?=\/|$)/, options.certificates ?? '/certs')),
      overwrite: files.overwrite,
    },
    now: () => options.now ?? new Date(),
    requestLimitMs: options.requestLimitMs ?? 30_000,
    written,
  };
};
