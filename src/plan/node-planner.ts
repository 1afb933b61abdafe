import type { ApplyRequest, PlanRequest } from '../inputs/request.ts';
import type { Clock } from '../ports/clock.ts';
import { planNode } from './node-plan.ts';
import type { NodePlanner } from './plan-nodes.ts';
import type { Stages } from './stages.ts';

/** Plans nodes as a request asks, each at its stage of a rotation: what a plan shows is what apply does. */
export function nodePlanner(
  request: ApplyRequest | PlanRequest,
  stages: Stages,
  clock: Pick<Clock, 'now'>,
): NodePlanner {
  const { certificates, rollout, firewall, incompatibleEngines, shipyard, replaceCa } = request;
  const options = {
    ...rollout,
    ...{ firewall, replaceCa },
    ...(shipyard && { incompatibleEngines }),
  };
  return (spec, seen) => planNode(spec, seen, stages.view(spec, seen), certificates, clock.now(), options);
}
