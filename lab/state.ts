import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Every container, image and network of the lab carries this label, and nothing else does. */
export const labLabel = 'shipyard-lab';

export const isRoot = process.getuid?.() === 0;

/** What outlives a machine restart: the SSH key pair, the demo's files, the own engine's images. */
export const stateDir = isRoot
  ? '/var/lib/shipyard-lab'
  : join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'shipyard-lab');

/** What belongs to running processes: the own engine's socket, process id and log. */
export const runDir = '/run/shipyard-lab';

/** A directory of the lab's state that only its owner can enter; made when missing. */
export function privateDir(...segments: readonly string[]): string {
  const path = join(stateDir, ...segments);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
