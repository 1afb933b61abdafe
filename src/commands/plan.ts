import { refuseStaleAuthority } from '../apply/stale-authority.ts';
import { publicAuthority } from '../authority/public-authority.ts';
import { ActionError } from '../errors.ts';
import type { PlanRequest } from '../inputs/request.ts';
import { readAsked } from '../observe/read-cluster.ts';
import { planCluster } from '../plan/plan-cluster.ts';
import type { Ports } from '../ports/ports.ts';
import { reportPlan } from '../report/plan-report.ts';
import { cancellation } from './cancellation.ts';

/**
 * Says what apply would do to each node and its engine, and why, and does nothing of it. Resolves to whether all could be
 * planned; rejects with ActionError when nothing could be begun.
 */
export async function plan(ports: Ports, request: PlanRequest): Promise<boolean> {
  const { workflow, network, clock } = ports;
  const cancelled = cancellation(ports, request.rollout);
  network.checkCredentials(request.ssh);
  const { input, text } = request.authority;
  const authority = publicAuthority(input, text, clock.now());
  if (request.replaceCa.includes(authority.generations[0].certificate.keyId)) throw toBeReplaced(input);
  const observed = await readAsked(ports, request, cancelled);
  observed.close();
  refuseStaleAuthority(authority, request, observed);
  return reportPlan(workflow, planCluster(observed, authority, request, clock.now()), observed.shipyard);
}

function toBeReplaced(input: string): ActionError {
  return new ActionError({
    message: `${input}: holds the CA that replace-ca names, and what is done with another one in its place can be planned only when that one is made`,
    hint: 'make it with command init-ca and the same replace-ca, store it, and plan with the new one',
  });
}
