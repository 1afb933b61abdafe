import type { ApplyRequest } from '../inputs/request.ts';
import { planCluster, refuseOtherPlan } from '../plan/plan-cluster.ts';
import type { Ports } from '../ports/ports.ts';
import { cancellation } from './cancellation.ts';
import { converge } from './converge.ts';
import { withAuthority } from './with-authority.ts';

/**
 * Makes the nodes serve Docker over mutual TLS and registers them: observes, plans, applies, proves, reports.
 * Resolves to whether all went well; rejects with ActionError when nothing could be begun.
 */
export async function apply(ports: Ports, request: ApplyRequest): Promise<boolean> {
  const cancelled = cancellation(ports, request.rollout);
  return withAuthority(ports, request, cancelled, {
    check: (authority, observed) => {
      if (request.planDigest !== undefined)
        refuseOtherPlan(planCluster(observed, authority, request, ports.clock.now()), request.planDigest);
    },
    use: (authority, observed) => converge(ports, request, observed, authority, cancelled),
  });
}
