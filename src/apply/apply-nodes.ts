import pLimit from 'p-limit';
import { ActionError } from '../errors.ts';
import { initSystemOf } from '../node/init-system.ts';
import { undo } from '../node/transaction.ts';
import { LOST } from '../node/undo-script.ts';
import { observeAgain, type ReachedNode } from '../observe/observe-node.ts';
import type { PlannedNode } from '../plan/plan-nodes.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { Expectation } from '../prove/expectation.ts';
import { printable } from '../report/printable.ts';
import { lockNode } from './node-lock.ts';
import type { NodeOutcome, NodeResult } from './outcome.ts';
import { discardPrepared, prepareNode, type PreparedNode } from './prepare.ts';
import { makeProver } from './prover.ts';
import { rollOut } from './rollout.ts';
import { Stopwatch } from './stopwatch.ts';
import { switchNode, type SwitchContext } from './switch-node.ts';

export type NodesContext = SwitchContext & {
  readonly workflow: Workflow;
  /** Whether nothing new may be begun any more. */
  readonly isCancelled: () => boolean;
};

const UNDO_TIMEOUT_MS = 240_000;

/**
 * Carries out the plans. All nodes are prepared at once, each under its lock; then they are switched over a few at a
 * time, canaries first. Resolves to what became of each node, in the order of the inventory.
 */
export async function applyNodes(
  planned: readonly PlannedNode[],
  context: NodesContext,
): Promise<readonly NodeOutcome[]> {
  const { rollout } = context;
  const limit = pLimit(rollout.concurrency);
  const watch = new Stopwatch(context.clock);
  const begun = await Promise.all(
    planned.map((one) => limit(() => watch.during(one.spec, () => begin(one, context)))),
  );
  const prepared = begun.filter((state) => state.kind === 'prepared');
  const switched = await rollOut(prepared, rollout, context.isCancelled, async (state) => {
    const result = await watch.during(state.prepared.node.spec, () => switchOver(state, context));
    return { result, failed: result.kind !== 'changed' && result.kind !== 'removed' };
  });
  const results = new Map(prepared.map((state, index) => [state, switched[index]]));
  return Promise.all(
    begun.map(async (state, index) => {
      const spec = planned[index]?.spec;
      if (!spec) throw new Error('there is a plan for each node');
      const seconds = watch.spent(spec);
      if (state.kind === 'ended') return { spec, result: state.result, seconds };
      return { spec, result: results.get(state) ?? (await leave(state, context)), seconds };
    }),
  );
}

type Begun =
  | { readonly kind: 'ended'; readonly result: NodeResult }
  | { readonly kind: 'prepared'; readonly prepared: PreparedNode; readonly release: () => void };

async function begin(planned: PlannedNode, context: NodesContext): Promise<Begun> {
  if (planned.kind === 'unreachable') return failed(planned.error);
  const { node, plan } = planned;
  const interrupted = node.observation.facts.transaction !== 'none';
  try {
    if (plan.kind === 'keep' && !interrupted)
      return ended(await confirmUnchanged(node, plan.expected, context));
    if (plan.kind === 'refuse' && !interrupted) return failed(plan.error);
    return await beginChange(node, context);
  } catch (error) {
    return failed(error);
  }
}

/**
 * Takes the lock, undoes what an earlier run left in the middle, and plans anew: the node may have changed since it was read.
 * So may what is in the middle: another run can have begun and died before we had the lock.
 */
async function beginChange(seen: ReachedNode, context: NodesContext): Promise<Begun> {
  const { workflow } = context;
  if (context.isCancelled()) return ended({ kind: 'not-begun', reasons: [] });
  const lock = await lockNode(seen.host, context.runId);
  try {
    let node = await observeAgain(context.network, seen, context.rollout);
    if (node.observation.facts.transaction !== 'none') {
      await undoInterrupted(node, context);
      node = await observeAgain(context.network, node, context.rollout);
    }
    const plan = context.plan(node.spec, node.observation);
    if (plan.kind === 'refuse') throw plan.error;
    if (plan.kind === 'keep') {
      lock.release();
      return ended(await confirmUnchanged(node, plan.expected, context));
    }
    for (const note of plan.notes) workflow.info(note, node.spec.name);
    const prepared = await prepareNode(node, plan, context);
    return { kind: 'prepared', prepared, release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function undoInterrupted(
  { host, spec, observation }: ReachedNode,
  { workflow }: NodesContext,
): Promise<void> {
  workflow.warning('an earlier change was neither confirmed nor undone; undoing it first', spec.name);
  const { status, stderr } = await host.run(undo({ init: initSystemOf(observation.facts) }, UNDO_TIMEOUT_MS));
  if (status === 0 || status === LOST) return;
  throw new ActionError({
    message: `an earlier change could not be undone: ${printable(stderr)}`,
    hint: 'look at `journalctl -u docker` on the node; the former files are in /etc/docker/shipyard-cluster/transaction/before',
  });
}

/** Nothing is to be done; the wire has the last word all the same. */
async function confirmUnchanged(
  node: ReachedNode,
  expected: Expectation | undefined,
  context: NodesContext,
): Promise<NodeResult> {
  if (!expected) return { kind: 'unchanged' };
  const prove = await makeProver(node, expected, context);
  const proof = await prove();
  if (proof.kind === 'proved')
    return { kind: 'unchanged', ...(proof.served && { certificate: proof.served }) };
  throw new ActionError({
    message: `the files are as asked, but the proof failed: ${proof.reason}`,
    hint: 'look at `journalctl -u docker` on the node; `systemctl restart docker` loads the files that lie there',
  });
}

async function switchOver({ prepared, release }: Prepared, context: NodesContext): Promise<NodeResult> {
  const { change, node } = prepared;
  const what = change.restart
    ? 'switching over and restarting Docker'
    : 'changing, without a restart of Docker';
  context.workflow.info(`${what} (${change.reasons.join(', ')})`, node.spec.name);
  const result = await switchNode(prepared, context);
  release();
  return result;
}

/** For a node that the rollout did not come to. */
async function leave({ prepared, release }: Prepared, context: NodesContext): Promise<NodeResult> {
  await discardPrepared(prepared, context);
  release();
  return { kind: 'not-begun', reasons: prepared.change.reasons };
}

type Prepared = Extract<Begun, { kind: 'prepared' }>;

function ended(result: NodeResult): Begun {
  return { kind: 'ended', result };
}

function failed(error: unknown): Begun {
  return ended({ kind: 'failed', error });
}
