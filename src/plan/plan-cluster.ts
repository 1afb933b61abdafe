import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { ApplyRequest, PlanRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { printable } from '../report/printable.ts';
import { planEngineAndStrays } from '../shipyard/strays.ts';
import { nodePlanner } from './node-planner.ts';
import { planNodes } from './plan-nodes.ts';
import { clusterRecord, isPlannable, planDigest, planEntries, type ClusterPlan } from './plan-record.ts';
import { expectedShipyard, prunable, setUpSteps, type ShipyardPlan } from './shipyard-plan.ts';
import { Stages } from './stages.ts';

/**
 * What apply would do with what was seen, to every node and its engine, and to Shipyard; of a rotation of the CA the next
 * step. Pure.
 */
export function planCluster(
  { nodes, shipyard }: Pick<Observation, 'nodes' | 'shipyard'>,
  authority: Authority,
  request: ApplyRequest | PlanRequest,
  now: Date,
): ClusterPlan {
  const clock = { now: () => now };
  const listed = expectedShipyard(shipyard);
  const stages = new Stages(authority, listed, request, clock);
  const planned = planNodes(nodes, nodePlanner(request, stages, clock));
  const entries = planEntries(planned, listed, (spec, { engines }) => {
    const issuer = stages.overlaps(spec) ? authority : stages.end;
    return planEngineAndStrays(spec, engines, issuer, request, now).plan;
  });
  const pruned = prunable(listed, stages.end, request, entries.every(isPlannable));
  return { entries, shipyard: { setUp: setUpSteps(shipyard), pruned } };
}

/**
 * Throws ActionError unless the plan is the one with this digest, which somebody has looked at; `done` is as much of that
 * one as was carried out already.
 */
export function refuseOtherPlan(plan: ClusterPlan, approved: string, done: ShipyardPlan['setUp'] = []): void {
  const { entries, shipyard: left } = plan;
  const whole = { entries, shipyard: { ...left, setUp: [...done, ...left.setUp] } };
  const digest = planDigest(clusterRecord(whole));
  if (digest === approved) return;
  const { nodes, shipyard } = clusterRecord(plan);
  const due = nodes.filter(({ action, engine }) => action !== 'keep' || (engine && engine.action !== 'keep'));
  const names = [
    ...due.map(({ name, reasons }) => [name, ...reasons].join(' ')),
    ...(shipyard?.steps ?? []).map((step) => `Shipyard: ${printable(step, 200)}`),
  ];
  throw new ActionError({
    message: `what would be done now is not what was planned under plan-digest: the digest is ${digest} now; ${done.length === 0 ? 'nothing was changed' : `${done.join(', ')} was done, and nothing else`}${names.length === 0 ? '; there is nothing to do any more' : `; due now: ${names.slice(0, 20).join(', ')}`}`,
    hint: 'run command plan with the same inputs once more, look at it, and give its plan-digest',
  });
}
