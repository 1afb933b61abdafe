import { applyEngines } from '../apply/apply-engines.ts';
import { applyNodes } from '../apply/apply-nodes.ts';
import { createWithConsent, givenAuthority, publishAuthority } from '../apply/obtain-authority.ts';
import { certificateOf } from '../apply/outcome.ts';
import type { Authority } from '../authority/authority.ts';
import { portAccess } from '../firewall/access.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import { observe, type Observation } from '../observe/observe.ts';
import { planNode } from '../plan/node-plan.ts';
import { planCluster, refuseOtherPlan } from '../plan/plan-cluster.ts';
import { planNodes, type NodePlanner } from '../plan/plan-nodes.ts';
import type { Ports } from '../ports/ports.ts';
import { isReachable } from '../prove/reachability.ts';
import { report } from '../report/report.ts';
import { cancellation } from './cancellation.ts';

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

async function converge(
  ports: Ports,
  request: ApplyRequest,
  observed: Observation,
  authority: Authority,
): Promise<boolean> {
  const { workflow, clock, run: ours } = ports;
  const { certificates, rollout, firewall } = request;
  const isCancelled = cancellation(ports, rollout);
  const plan: NodePlanner = (spec, seen) =>
    planNode(spec, seen, authority, certificates, clock.now(), {
      ...rollout,
      firewall,
      ...(request.shipyard && { incompatibleEngines: request.incompatibleEngines }),
    });
  const context = { ...ports, request, rollout, authority, plan, runId: ours.id, isCancelled };
  const planned = planNodes(observed.nodes, plan);
  const outcomes = await workflow.group('Changing and proving nodes', () => applyNodes(planned, context));
  const whole = new Set(outcomes.filter(certificateOf).map(({ spec }) => spec));
  const proved = observed.nodes
    .filter((node) => node.kind === 'reached')
    .filter(({ spec }) => whole.has(spec));
  const [registration, reachable] = await Promise.all([
    workflow.group('Registering engines', () => applyEngines(observed.shipyard, proved, context)),
    Promise.all(proved.map(({ spec }) => isReachable(ports.network, spec))),
  ]);
  const open = proved.filter((_, index) => reachable[index]).map(({ spec }) => spec);
  const access = new Map(
    proved.flatMap(({ spec, observation: { facts } }) => {
      const found = portAccess(firewall, facts.firewall);
      return found ? [[spec, found] as const] : [];
    }),
  );
  return report(workflow, { nodes: outcomes, open, access, registration }, clock.now());
}
