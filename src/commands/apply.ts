import { isToBeCreated } from '../apply/obtain-authority.ts';
import { withShipyardSetUp } from '../apply/set-up-shipyard.ts';
import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { planCluster, refuseOtherPlan } from '../plan/plan-cluster.ts';
import type { ClusterPlan } from '../plan/plan-record.ts';
import { setUpSteps } from '../plan/shipyard-plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import { cancellation } from './cancellation.ts';
import { converge } from './converge.ts';
import { withAuthority } from './with-authority.ts';

/**
 * Makes the nodes serve Docker over mutual TLS and registers them: observes, plans, applies, proves, reports.
 * Resolves to whether all went well; rejects with ActionError when nothing could be begun.
 */
export async function apply(ports: Ports, request: ApplyRequest): Promise<boolean> {
  const cancelled = cancellation(ports, request.rollout);
  const { planDigest } = request;
  if (planDigest === undefined)
    return withAuthority(ports, request, cancelled, {
      use: (authority, observed) => converge(ports, request, observed, authority, cancelled),
    });
  if (isToBeCreated(request)) throw unplanned();
  return applyPlan(ports, request, planDigest, cancelled);
}

/** Nothing is changed, stored or started before the plan was found to be the one that was approved. */
async function applyPlan(
  ports: Ports,
  request: ApplyRequest,
  digest: string,
  cancelled: Cancellation,
): Promise<boolean> {
  const planOf = (authority: Authority, observed: Observation): ClusterPlan =>
    planCluster(observed, authority, request, ports.clock.now());
  return withAuthority(ports, request, cancelled, {
    check: (authority, observed) => refuseOtherPlan(planOf(authority, observed), digest),
    use: (authority, observed) =>
      withShipyardSetUp(ports, request, observed, async (settled) => {
        if (settled !== observed) {
          // What one that was set up lists is known for certain only now; without it nodes would be changed otherwise.
          if (settled.shipyard.kind === 'unreachable') throw settled.shipyard.error;
          refuseOtherPlan(planOf(authority, settled), digest, setUpSteps(observed.shipyard));
        }
        return converge(ports, request, settled, authority, cancelled);
      }),
  });
}

function unplanned(): ActionError {
  return new ActionError({
    message: 'plan-digest: is of a plan that was made for a CA, and this run would make another one',
    hint: 'create the CA first (command init-ca), store it, and plan with it',
  });
}
