import { newestAlone, type Authority } from '../authority/authority.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ListedShipyard } from '../observe/observe-shipyard.ts';
import type { NodeObservation } from './node-plan.ts';
import { overlapping } from './rotation.ts';
import type { Clock } from '../ports/clock.ts';
import { hasFollowed } from '../shipyard/followers.ts';

export type RotationPolicy = {
  /** The older generations are in the wrong hands: nobody waits for clients of them. */
  readonly compromised: boolean;
};

/** Where each node is in a rotation of the authority, as it was seen last; without a rotation all are at its end. */
export class Stages {
  readonly authority: Authority;
  /** All that nodes serve and trust when the rotation is over. */
  readonly end: Authority;
  readonly #policy: RotationPolicy;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #views = new Map<NodeSpec, Authority>();
  #shipyard: ListedShipyard;

  constructor(
    authority: Authority,
    shipyard: ListedShipyard,
    policy: RotationPolicy,
    clock: Pick<Clock, 'now'>,
  ) {
    this.authority = authority;
    this.end = newestAlone(authority);
    this.#shipyard = shipyard;
    this.#policy = policy;
    this.#clock = clock;
  }

  /** Takes note of what Shipyard lists now. */
  see(shipyard: ListedShipyard): void {
    this.#shipyard = shipyard;
  }

  /** The authority as the node is to see it now. */
  view(spec: NodeSpec, observed: NodeObservation): Authority {
    const isFree = this.#policy.compromised || this.clientsHaveFollowed(spec);
    const view = isFree ? this.end : overlapping(this.authority, observed, this.#clock.now());
    this.#views.set(spec, view);
    return view;
  }

  /** Without a Shipyard there is no client that we know of. One that cannot be read may have any. */
  clientsHaveFollowed(spec: NodeSpec): boolean {
    if (this.#shipyard.kind === 'none') return true;
    if (this.#shipyard.kind === 'unreachable') return false;
    return hasFollowed(spec, this.#shipyard.engines, this.authority, this.#clock.now());
  }

  /** Whether the node, when it was planned last, was to trust older generations for a while. */
  overlaps(spec: NodeSpec): boolean {
    return (this.#views.get(spec)?.generations.length ?? 1) > 1;
  }
}
