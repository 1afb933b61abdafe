import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { ApplyRequest, PlanRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { planEngineAndStrays } from '../shipyard/strays.ts';
import { nodePlanner } from './node-planner.ts';
import { planNodes } from './plan-nodes.ts';
import { planDigest, planEntries, planRecord, type PlannedEntry } from './plan-record.ts';
import { Stages } from './stages.ts';

/** What apply would do with what was seen, to every node and its engine; of a rotation of the CA the next step. Pure. */
export function planCluster(
  { nodes, shipyard }: Pick<Observation, 'nodes' | 'shipyard'>,
  authority: Authority,
  request: ApplyRequest | PlanRequest,
  now: Date,
): readonly PlannedEntry[] {
  const clock = { now: () => now };
  const stages = new Stages(authority, shipyard, request, clock);
  const planned = planNodes(nodes, nodePlanner(request, stages, clock));
  return planEntries(planned, shipyard, (spec, { engines }) => {
    const issuer = stages.overlaps(spec) ? authority : stages.end;
    return planEngineAndStrays(spec, engines, issuer, request, now).plan;
  });
}

/** Throws ActionError unless the plan is the one with this digest, which somebody has looked at. */
export function refuseOtherPlan(entries: readonly PlannedEntry[], approved: string): void {
  const records = entries.map(planRecord);
  const digest = planDigest(records);
  if (digest === approved) return;
  const due = records.filter(
    ({ action, engine }) => action !== 'keep' || (engine && engine.action !== 'keep'),
  );
  const names = due.map(({ name, reasons }) => [name, ...reasons].join(' '));
  throw new ActionError({
    message: `what would be done now is not what was planned under plan-digest: the digest is ${digest} now; nothing was changed${names.length === 0 ? '; there is nothing to do any more' : `; due now: ${names.slice(0, 20).join(', ')}`}`,
    hint: 'run command plan with the same inputs once more, look at it, and give its plan-digest',
  });
}
