import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that was forked has its own command line a moment later: each is looked at so often, and left alone then. */
const LOOKS = 5;

/**
 * Notes every command line that any process of this machine has, containers included, until the returned function is
 * called; that resolves to them.
 */
export function watchCommandLines(): () => Promise<readonly string[]> {
  const seen = new Set<string>();
  const looks = new Map<string, number>();
  let isOver = false;
  const watch = async (): Promise<void> => {
    while (!isOver) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const looked = looks.get(pid) ?? 0;
        if (looked === LOOKS) continue;
        looks.set(pid, looked + 1);
        try {
          seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
        } catch {
          // The process has ended between the two calls.
        }
      }
      await sleep(20);
    }
  };
  const watching = watch();
  return async () => {
    isOver = true;
    await watching;
    return [...seen];
  };
}
