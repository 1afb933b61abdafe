import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { ApplyRequest, PlanRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { planEngine } from '../shipyard/engine-plan.ts';
import { straysAt, withStrays } from '../shipyard/strays.ts';
import { planNode } from './node-plan.ts';
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
  const { certificates, rollout, firewall, incompatibleEngines } = request;
  const options = {
    ...rollout,
    firewall,
    ...('replaceCa' in request && { replaceCa: request.replaceCa }),
    ...(request.shipyard && { incompatibleEngines }),
  };
  const stages = new Stages(authority, shipyard, request, { now: () => now });
  const planned = planNodes(nodes, (spec, seen) =>
    planNode(spec, seen, stages.view(spec, seen), certificates, now, options),
  );
  return planEntries(planned, shipyard, (spec, { engines }) =>
    withStrays(
      planEngine(spec, engines, stages.overlaps(spec) ? authority : stages.end, certificates, now),
      straysAt(spec, engines, authority, request.nodes).ours,
    ),
  );
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
