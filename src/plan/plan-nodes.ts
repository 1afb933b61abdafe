import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ObservedNode, ReachedNode } from '../observe/observe-node.ts';
import type { NodeObservation, NodePlan } from './node-plan.ts';

/** What is to be done to a node that was seen. Pure; conflicts are a refusal, and it throws nothing. */
export type NodePlanner = (spec: NodeSpec, observed: NodeObservation) => NodePlan;

/** A node with its plan, or one that could not be read and so has none. */
export type PlannedNode =
  | Extract<ObservedNode, { kind: 'unreachable' }>
  | {
      readonly kind: 'planned';
      readonly spec: ReachedNode['spec'];
      readonly node: ReachedNode;
      readonly plan: NodePlan;
    };

/** The plan of every node, in the order of the inventory. */
export function planNodes(observed: readonly ObservedNode[], plan: NodePlanner): readonly PlannedNode[] {
  return observed.map((node) =>
    node.kind === 'unreachable'
      ? node
      : {
          kind: 'planned',
          spec: node.spec,
          node,
          plan: plan(node.spec, node.observation),
        },
  );
}
