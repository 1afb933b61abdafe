import { createHash } from 'node:crypto';
import type { ListedShipyard } from '../observe/observe-shipyard.ts';
import type { EnginePlan } from '../shipyard/engine-plan.ts';
import type { NodeChange } from './node-plan.ts';
import type { PlannedNode } from './plan-nodes.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Reason } from './reason.ts';
import type { ShipyardPlan } from './shipyard-plan.ts';

/** What would be done, in words that hold as long as the world does: no time, no id, no message is in them. */
export type PlannedAction = {
  readonly action: 'keep' | 'change' | 'refuse' | 'unreachable';
  readonly steps: readonly string[];
  readonly reasons: readonly Reason[];
};

/** What would be done to a node and to its engine; nothing of Shipyard where it was not asked for. */
export type PlanRecord = PlannedAction & { readonly name: string; readonly engine?: PlannedAction };

/** A node with what is to be done to it and, where Shipyard was read and the node may be changed, to its engine. */
export type PlannedEntry = {
  readonly spec: NodeSpec;
  readonly node: PlannedNode;
  readonly engine: EnginePlan | 'none' | 'unreachable';
};

/** All that would be done. */
export type ClusterPlan = { readonly entries: readonly PlannedEntry[]; readonly shipyard: ShipyardPlan };

/** The same as it is put out, and as the digest sees it; without Shipyard where nothing but engines of nodes is changed there. */
export type ClusterRecord = { readonly nodes: readonly PlanRecord[]; readonly shipyard?: PlannedAction };

/** Puts the plans of nodes and engines side by side. An engine is registered only where its node is whole. */
export function planEntries(
  planned: readonly PlannedNode[],
  shipyard: ListedShipyard,
  planOf: (spec: NodeSpec, listed: Extract<ListedShipyard, { kind: 'reached' }>) => EnginePlan,
): readonly PlannedEntry[] {
  return planned.map((node) => {
    const isLeftAlone = node.kind === 'unreachable' || node.plan.kind === 'refuse';
    if (shipyard.kind === 'unreachable') return { spec: node.spec, node, engine: 'unreachable' };
    if (shipyard.kind === 'none' || isLeftAlone) return { spec: node.spec, node, engine: 'none' };
    return { spec: node.spec, node, engine: planOf(node.spec, shipyard) };
  });
}

/** Whether a node, and its engine, can be brought to what was asked, as far as can be told before. */
export function isPlannable({ node, engine }: PlannedEntry): boolean {
  const isRefused = node.kind === 'unreachable' || node.plan.kind === 'refuse';
  return !isRefused && engine !== 'unreachable' && (engine === 'none' || engine.kind !== 'refuse');
}

/** A plan as it is put out. */
export function clusterRecord({ entries, shipyard }: ClusterPlan): ClusterRecord {
  const whole = shipyardRecord(shipyard);
  return { nodes: entries.map(planRecord), ...(whole && { shipyard: whole }) };
}

/** The plan of one node as it is put out, and as the digest sees it. */
export function planRecord({ spec, node, engine }: PlannedEntry): PlanRecord {
  return {
    name: spec.name,
    ...nodeRecord(node),
    ...(engine !== 'none' && { engine: engineRecord(engine) }),
  };
}

/**
 * A fingerprint of a plan: of its nodes, steps and reasons alone. As long as the world stays as it is it stays the same;
 * in which order the inventory has its nodes, and Shipyard its engines, does not matter.
 */
export function planDigest({ nodes, shipyard }: ClusterRecord): string {
  const one = ({ action, steps, reasons }: PlannedAction) => [action, steps, [...reasons].sort()];
  const all = [
    ...nodes.map((record) => [record.name, one(record), record.engine ? one(record.engine) : []]),
    // No node has an empty name.
    ...(shipyard ? [['', one(shipyard)]] : []),
  ];
  const sorted = all.map((entry) => JSON.stringify(entry)).sort();
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function nodeRecord(node: PlannedNode): PlannedAction {
  if (node.kind === 'unreachable') return { action: 'unreachable', steps: [], reasons: [] };
  const isInterrupted = node.node.observation.facts.transaction !== 'none';
  const undo = isInterrupted ? ['undo-interrupted-change'] : [];
  const { plan } = node;
  if (plan.kind !== 'change') return { action: plan.kind, steps: undo, reasons: [] };
  return { action: 'change', steps: [...undo, ...stepsOf(plan)], reasons: plan.reasons };
}

function stepsOf({
  certificate,
  files,
  gone = [],
  survival,
  filter,
  restart,
}: NodeChange): readonly string[] {
  return [
    ...(certificate.kind === 'issue' ? ['issue-certificate'] : []),
    ...(certificate.kind === 'retrust' ? ['change-trust'] : []),
    ...Object.keys(files).map((file) => `write ${file}`),
    ...gone.map((file) => `delete ${file}`),
    ...(survival.kind === 'switch-on' ? ['switch-on-live-restore'] : []),
    ...(filter === undefined ? [] : ['change-firewall']),
    ...(restart ? ['restart-docker'] : []),
  ];
}

function engineRecord(plan: EnginePlan | 'unreachable'): PlannedAction {
  if (plan === 'unreachable') return { action: 'unreachable', steps: [], reasons: [] };
  if (plan.kind === 'keep' || plan.kind === 'refuse') return { action: plan.kind, steps: [], reasons: [] };
  const removals = plan.remove.map(() => 'remove-engine');
  const steps = plan.kind === 'add' ? ['add-engine', ...removals] : removals;
  return { action: 'change', steps, reasons: plan.reasons };
}

function shipyardRecord({ setUp, pruned }: ShipyardPlan): PlannedAction | undefined {
  const removals = pruned.map(({ name, addr }) => `prune ${name} ${addr}`).sort();
  const steps = [...setUp, ...removals];
  return steps.length === 0
    ? undefined
    : { action: 'change', steps, reasons: removals.length === 0 ? [] : ['unasked'] };
}
