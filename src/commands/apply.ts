import { createWithConsent, givenAuthority, publishAuthority } from '../apply/obtain-authority.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import { observe } from '../observe/observe.ts';
import { planCluster, refuseOtherPlan } from '../plan/plan-cluster.ts';
import type { Ports } from '../ports/ports.ts';
import { converge } from './converge.ts';

/**
 * Makes the nodes serve Docker over mutual TLS and registers them: observes, plans, applies, proves, reports.
 * Resolves to whether all went well; rejects with ActionError when nothing could be begun.
 */
export async function apply(ports: Ports, request: ApplyRequest): Promise<boolean> {
  ports.network.checkCredentials(request.ssh);
  const given = givenAuthority(request, ports.clock.now());
  const { workflow } = ports;
  const observed = await workflow.group('Reading nodes and Shipyard', () => observe(ports, request));
  try {
    const authority = given ?? (await createWithConsent(request, observed.nodes, ports.clock.now()));
    if (request.planDigest !== undefined)
      refuseOtherPlan(planCluster(observed, authority, request, ports.clock.now()), request.planDigest);
    const { goesOn } = await publishAuthority(authority, request, ports);
    if (!goesOn) return true;
    return await converge(ports, request, observed, authority);
  } finally {
    observed.close();
  }
}
