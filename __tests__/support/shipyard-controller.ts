import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A stand-in controller in a process of its own, as the lab runs it. */
export type RunningController = {
  readonly host: string;
  readonly url: string;
  readonly control: string;
  /** All that it has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
};

/** Starts it with a free control port; resolves when it listens. */
export const startController = async (
  args: readonly string[] = [],
  main = join(import.meta.dirname, '../../lab/shipyard/main.ts'),
): Promise<RunningController> => {
  const flags = ['-listen', '127.0.0.1:0', '-control', '127.0.0.1:0', ...args];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const ports = await new Promise<{ api: string; control: string }>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      const api = /controller listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      const control = /control listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (api !== undefined && control !== undefined) {
        resolve({ api, control });
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(`the controller did not start: ${log}`));
    });
  });
  return {
    host: `127.0.0.1:${ports.api}`,
    url: `http://127.0.0.1:${ports.api}`,
    control: `http://127.0.0.1:${ports.control}`,
    log: () => log,
    stop: () => stop(child),
  };
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }
};
