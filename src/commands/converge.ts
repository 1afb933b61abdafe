import { applyEngines } from '../apply/apply-engines.ts';
import { applyNodes } from '../apply/apply-nodes.ts';
import { dropRetired } from '../apply/drop-retired.ts';
import { mergeRegistrations } from '../apply/merge-outcomes.ts';
import { Stages } from '../plan/stages.ts';
import { isWhole } from '../apply/outcome.ts';
import { provedNodes, turnOver } from '../apply/turn-over.ts';
import type { Authority } from '../authority/authority.ts';
import { portAccess } from '../firewall/access.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { nodePlanner } from '../plan/node-planner.ts';
import { planNodes } from '../plan/plan-nodes.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import { isReachable } from '../prove/reachability.ts';
import type { Workflow } from '../ports/workflow.ts';
import { report } from '../report/report.ts';
import { isRegistered } from '../report/words.ts';
import { tellIfCancelled } from './cancellation.ts';

/**
 * Brings the nodes that were seen, and their engines in Shipyard, to what was asked, carries on a rotation of the
 * authority, and reports. Resolves to whether all went well.
 */
export async function converge(
  ports: Ports,
  request: ApplyRequest,
  observed: Observation,
  authority: Authority,
  cancelled: Cancellation,
): Promise<boolean> {
  const { workflow, clock, run: ours } = ports;
  const { rollout, firewall } = request;
  const stages = new Stages(authority, observed.shipyard, request, clock);
  const plan = nodePlanner(request, stages, clock);
  const isCancelled = (): boolean => cancelled() !== undefined;
  const context = { ...ports, request, rollout, stages, plan, runId: ours.id, isCancelled };
  if (request.compromised) warnOfCut(stages, observed, workflow);
  const planned = planNodes(observed.nodes, plan);
  const first = await workflow.group('Changing and proving nodes', () => applyNodes(planned, context));
  const begun = { outcomes: first, shipyard: observed.shipyard, registration: { kind: 'none' } as const };
  const { outcomes, shipyard, registration: handed } = await turnOver(observed.nodes, begun, context);
  const proved = provedNodes(observed.nodes, outcomes);
  const arrived = proved.filter(({ spec }) => !stages.overlaps(spec));
  const [last, reachable] = await Promise.all([
    workflow.group('Registering engines', () =>
      applyEngines(shipyard, arrived, {
        ...context,
        authority: stages.end,
        isWhole: outcomes.every(isWhole) && isRegistered(handed),
        restarted: outcomes.filter(({ result }) => result.kind === 'changed').map(({ spec }) => spec),
      }),
    ),
    Promise.all(proved.map(({ spec }) => isReachable(ports.network, spec))),
  ]);
  const registration = mergeRegistrations(handed, last);
  const open = proved.filter((_, index) => reachable[index]).map(({ spec }) => spec);
  const access = new Map(
    proved.flatMap(({ spec, observation: { facts } }) => {
      const found = portAccess(firewall, facts.firewall);
      return found ? [[spec, found] as const] : [];
    }),
  );
  const isDropped = await dropRetired(arrived, stages, request, ports);
  tellIfCancelled(workflow, outcomes, cancelled);
  const isWell = await report(workflow, { nodes: outcomes, open, access, registration }, clock.now());
  return isDropped && isWell;
}

/** Says who is cut off where nobody waits for clients of older generations. */
function warnOfCut({ authority, end }: Stages, { nodes, shipyard }: Observation, workflow: Workflow): void {
  if (end === authority) return;
  const older = authority.generations.slice(1).map(({ number }) => number);
  const names = nodes.map(({ spec }) => spec.name).join(', ');
  const engines =
    shipyard.kind === 'none'
      ? 'no Shipyard is given, so that whoever uses these engines needs a new certificate'
      : shipyard.kind === 'unreachable'
        ? 'Shipyard cannot be reached, so that its engines stay down until a run registers them anew'
        : "Shipyard's engines are down from then on until this run has registered them anew";
  workflow.warning(
    `compromised: every client with a certificate of generation ${older.join(', ')} of the CA is cut off from ${names} as soon as Docker restarts there; ${engines}`,
  );
}
