import { createHash } from 'node:crypto';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { EnginePlan } from '../shipyard/engine-plan.ts';
import type { NodeChange } from './node-plan.ts';
import type { PlannedNode } from './plan-nodes.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Reason } from './reason.ts';

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

/** Puts the plans of nodes and engines side by side. An engine is registered only where its node is whole. */
export function planEntries(
  planned: readonly PlannedNode[],
  shipyard: ObservedShipyard,
  planOf: (spec: NodeSpec, listed: Extract<ObservedShipyard, { kind: 'reached' }>) => EnginePlan,
): readonly PlannedEntry[] {
  return planned.map((node) => {
    const isLeftAlone = node.kind === 'unreachable' || node.plan.kind === 'refuse';
    if (shipyard.kind === 'unreachable') return { spec: node.spec, node, engine: 'unreachable' };
    if (shipyard.kind === 'none' || isLeftAlone) return { spec: node.spec, node, engine: 'none' };
    return { spec: node.spec, node, engine: planOf(node.spec, shipyard) };
  });
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
 * in which order the inventory has its nodes does not matter.
 */
export function planDigest(records: readonly PlanRecord[]): string {
  const one = ({ action, steps, reasons }: PlannedAction) => [action, steps, [...reasons].sort()];
  const all = records.map((record) => [record.name, one(record), record.engine ? one(record.engine) : []]);
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
