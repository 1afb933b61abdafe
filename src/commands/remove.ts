import { applyNodes } from '../apply/apply-nodes.ts';
import { confirmRemoved, removeEngines } from '../apply/remove-engines.ts';
import type { Authority } from '../authority/authority.ts';
import { restoreAuthority } from '../authority/restore.ts';
import { ActionError } from '../errors.ts';
import type { RemoveRequest } from '../inputs/request.ts';
import { layout } from '../node/layout.ts';
import type { Observation } from '../observe/observe.ts';
import { readAsked } from '../observe/read-cluster.ts';
import { planNodes, type NodePlanner, type PlannedNode } from '../plan/plan-nodes.ts';
import { planRemoval } from '../plan/removal-plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import { report } from '../report/report.ts';
import { cancellation, tellIfCancelled, throwIfCancelled } from './cancellation.ts';

/**
 * Gives the nodes back as they were before their first set-up: unregisters their engines, then takes everything of ours
 * off. Resolves to whether all went well; rejects with ActionError when nothing could be begun.
 */
export async function remove(ports: Ports, request: RemoveRequest): Promise<boolean> {
  const cancelled = cancellation(ports, request.rollout);
  ports.network.checkCredentials(request.ssh);
  const { authority: source } = request;
  const authority =
    source && restoreAuthority(source.bundle, source.passphrase, ports.clock.now(), source.input);
  const observed = await readAsked(ports, request, cancelled);
  try {
    throwIfCancelled(cancelled);
    return await giveBack(ports, request, observed, authority, cancelled);
  } finally {
    observed.close();
  }
}

async function giveBack(
  ports: Ports,
  { rollout }: RemoveRequest,
  observed: Observation,
  authority: Authority | undefined,
  cancelled: Cancellation,
): Promise<boolean> {
  const { workflow, clock, run: ours } = ports;
  const isCancelled = (): boolean => cancelled() !== undefined;
  const plan: NodePlanner = (spec, seen) => planRemoval(spec, seen, rollout);
  const context = { ...ports, rollout, authority, plan, runId: ours.id, isCancelled };
  const planned = planNodes(observed.nodes, plan).map(tellWhatIsLeft);
  const leaving = planned.filter((node) => !isRefused(node)).map(({ spec }) => spec);
  if (observed.shipyard.kind === 'none') workflow.warning(UNREGISTERED);
  const first = await workflow.group('Unregistering engines', () =>
    removeEngines(observed.shipyard, leaving, context),
  );
  // What Shipyard writes back shows only after a moment, which the nodes can use.
  const [nodes, registration] = await workflow.group('Giving nodes back', () =>
    Promise.all([applyNodes(planned, context), confirmRemoved(first, context)]),
  );
  tellIfCancelled(workflow, nodes, cancelled);
  return report(workflow, { nodes, open: [], access: new Map(), registration }, clock.now());
}

const UNREGISTERED =
  'no engine is unregistered, since neither shipyard-url nor shipyard-master is set; a Shipyard that lists the nodes goes on to do so';

/** Such a node stays as it is, and so does its engine. */
function isRefused(node: PlannedNode): boolean {
  return node.kind === 'planned' && node.plan.kind === 'refuse';
}

/** The engine of a node that cannot be reached is unregistered all the same. */
function tellWhatIsLeft(node: PlannedNode): PlannedNode {
  if (node.kind !== 'unreachable' || !(node.error instanceof ActionError)) return node;
  const { message, hint } = node.error;
  const error = new ActionError({
    message: `${message}; whatever the action has set up there is still there: ${layout.base} with a private key, its settings in ${layout.daemonConfig}, its service files, and its firewall rules`,
    hint: `${hint}; then run remove again, or take the node out of the inventory if it is gone for good`,
    cause: node.error,
  });
  return { ...node, error };
}
