import type { Authority } from '../authority/authority.ts';
import type { CertificatePolicy } from '../inputs/request.ts';
import type { ObservedNode, ReachedNode } from '../observe/observe-node.ts';
import { planNode, type NodePlan } from './node-plan.ts';
import type { SurvivalOptions } from './survival.ts';

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
export function planNodes(
  observed: readonly ObservedNode[],
  authority: Authority,
  policy: CertificatePolicy,
  now: Date,
  options: SurvivalOptions,
): readonly PlannedNode[] {
  return observed.map((node) =>
    node.kind === 'unreachable'
      ? node
      : {
          kind: 'planned',
          spec: node.spec,
          node,
          plan: planNode(node.spec, node.observation, authority, policy, now, options),
        },
  );
}
