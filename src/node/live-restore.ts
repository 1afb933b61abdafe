import { isAtLeast } from './engine-version.ts';
import type { NodeFacts } from './facts.ts';

/** Whether dockerd, started on this node, keeps running containers: not in swarm mode, where it refuses to start. */
export function canLiveRestore({ dockerVersion, engine }: NodeFacts): boolean {
  return hasLiveRestore(dockerVersion) && engine?.swarm !== true;
}

/** Whether a version of Docker, such as `20.10.24+dfsg1`, has live-restore: 1.12 and newer. */
export function hasLiveRestore(version: string): boolean {
  return isAtLeast(version, 1, 12);
}

/** Whether a running daemon tells that it has live-restore: 1.13 and newer (moby#24986). */
export function tellsLiveRestore(version: string): boolean {
  return isAtLeast(version, 1, 13);
}
