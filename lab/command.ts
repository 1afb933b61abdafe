import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  readonly stdin?: string | Buffer;
  readonly timeoutMs?: number;
  /** Beside this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with every line of output while the program runs. */
  readonly onLine?: (line: string) => void;
};

/**
 * Runs a program without a shell and without a terminal. A non-zero exit is a value, and so is a signal (code 128);
 * rejects when the program cannot be started or runs longer than `timeoutMs`, in which case it is killed.
 */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('an empty command');
  const child = spawn(program, args, {
    stdio: 'pipe',
    env: { ...systemEnvironment(), ...options.env },
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  });
  const output = Promise.all([collect(child.stdout, options.onLine), collect(child.stderr, options.onLine)]);
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (child.killed) reject(new Error(`${argv.join(' ')}: no end after ${options.timeoutMs ?? 0} ms`));
      else resolve(code ?? 128);
    });
  });
  // A program that ends before it has read its input is judged by its exit code, not by the broken pipe.
  child.stdin.on('error', () => undefined).end(options.stdin);
  const code = await exit;
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

/** Like `run`, but rejects with the end of the program's output when it does not exit with 0. Returns its stdout. */
export async function runOrThrow(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await run(argv, options);
  if (result.code === 0) return result.stdout;
  const said = `${result.stderr}\n${result.stdout}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${argv.join(' ')}: exit ${result.code}\n${said}`);
}

/** This process's environment, with the programs that are only on the PATH of root's login shell. */
export function systemEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` };
}

async function collect(stream: Readable, onLine: CommandOptions['onLine']): Promise<string> {
  if (onLine !== undefined) createInterface({ input: stream }).on('line', onLine);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => stream.once('close', resolve));
  return Buffer.concat(chunks).toString('utf8');
}
