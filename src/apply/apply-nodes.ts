import pLimit from 'p-limit';
import { ActionError } from '../errors.ts';
import type { Request } from '../inputs/request.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { PlannedNode } from '../plan/plan-nodes.ts';
import type { Workflow } from '../ports/workflow.ts';
import { prove } from '../prove/proof.ts';
import { prepareNode, type PreparedNode } from './prepare.ts';
import { discardPrepared, switchNode, type SwitchContext } from './switch-node.ts';
import type { NodeOutcome, NodeResult } from './outcome.ts';

export type NodesContext = SwitchContext & { readonly request: Request; readonly workflow: Workflow };

const CONCURRENCY = 10;

/**
 * Carries out the plans. All nodes are prepared at once; then they are switched one after the other, and the first
 * that fails stops the rollout, so that a mistake costs one node and not all.
 */
export async function applyNodes(
  planned: readonly PlannedNode[],
  context: NodesContext,
): Promise<readonly NodeOutcome[]> {
  const limit = pLimit(CONCURRENCY);
  const begun = await Promise.all(planned.map((one) => limit(() => begin(one, context))));
  const outcomes: NodeOutcome[] = [];
  let stopped = false;
  for (const [index, state] of begun.entries()) {
    const spec = planned[index]?.spec;
    if (!spec) continue;
    const result = await end(state, stopped, context);
    outcomes.push({ spec, result });
    stopped ||= result.kind === 'rolled-back';
  }
  return outcomes;
}

type Begun =
  | { readonly kind: 'ended'; readonly result: NodeResult }
  | { readonly kind: 'prepared'; readonly prepared: PreparedNode };

async function begin(planned: PlannedNode, context: NodesContext): Promise<Begun> {
  if (planned.kind === 'unreachable') return failed(planned.error);
  const { node, plan } = planned;
  switch (plan.kind) {
    case 'refuse':
      return failed(plan.error);
    case 'keep':
      return { kind: 'ended', result: await confirmUnchanged(node, plan.serial, context) };
    case 'change':
      try {
        const { authority, clock, request } = context;
        const prepared = await prepareNode(node, plan, authority, request.certificates, clock.now());
        return { kind: 'prepared', prepared };
      } catch (error) {
        return failed(error);
      }
  }
}

function failed(error: unknown): Begun {
  return { kind: 'ended', result: { kind: 'failed', error } };
}

/** Nothing is to be done; the wire has the last word all the same. */
async function confirmUnchanged(
  { spec, route }: ReachedNode,
  serial: string,
  { network, authority, witnesses }: SwitchContext,
): Promise<NodeResult> {
  const proof = await prove(network, route, spec, authority, witnesses, serial);
  if (proof.kind === 'proved') return { kind: 'unchanged', certificate: proof.served };
  return {
    kind: 'failed',
    error: new ActionError({
      message: `the files are as asked, but the proof failed: ${proof.reason}`,
      hint: 'look at `journalctl -u docker` on the node; `systemctl restart docker` loads the files that lie there',
    }),
  };
}

async function end(state: Begun, stopped: boolean, context: NodesContext): Promise<NodeResult> {
  if (state.kind === 'ended') return state.result;
  const { prepared } = state;
  const { reasons } = prepared.change;
  if (stopped) {
    await discardPrepared(prepared);
    return { kind: 'not-begun', reasons };
  }
  context.workflow.info(
    `switching over and restarting Docker (${reasons.join(', ')})`,
    prepared.node.spec.name,
  );
  return switchNode(prepared, context);
}
