import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { privateDir } from './state.ts';

/**
 * `lab` guards what all share: engine, images, network. `network` guards who comes to the network and who goes,
 * `addresses` which of them is whose.
 */
type Lock = 'lab' | 'network' | 'addresses';

/** Runs `work` while no other process on this machine holds the lock. */
export async function exclusively<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  return locked(lock, '--exclusive', work);
}

/** Runs `work` while no other process holds the lock exclusively. */
export async function together<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  return locked(lock, '--shared', work);
}

/** The lock is held by `flock` and a pipe from this process, so it ends with this process however that ends. */
async function locked<T>(lock: Lock, mode: string, work: () => Promise<T>): Promise<T> {
  const file = join(privateDir(), `${lock}.lock`);
  const holder = spawn('flock', [mode, file, 'sh', '-c', 'echo held; cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  const failed = ended.then(() => Promise.reject(new Error(`${file} could not be locked`)));
  await Promise.race([once(holder.stdout, 'data'), failed]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
