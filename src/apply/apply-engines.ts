import { trustedCertificates, type Authority } from '../authority/authority.ts';
import { issueIdentity } from '../authority/issue.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { ShipyardApi } from '../prove/shipyard-api.ts';
import { printable } from '../report/printable.ts';
import { incompatible } from '../shipyard/compatibility.ts';
import type { Engine, NewEngine } from '../shipyard/engine.ts';
import { differingFields } from '../shipyard/engine-fields.ts';
import type { EnginePlan } from '../shipyard/engine-plan.ts';
import { planEngineAndStrays } from '../shipyard/strays.ts';
import { awaitHealth } from './await-health.ts';
import { Doubt, EngineChanges } from './engine-changes.ts';
import { resourcesOf } from './engine-resources.ts';
import { askEngines, useOf } from './engine-use.ts';
import type { EngineOutcome, RegistrationOutcome } from './outcome.ts';
import { prune } from './prune.ts';

export type RegistrationContext = {
  readonly authority: Authority;
  readonly request: ApplyRequest;
  readonly clock: Clock;
  readonly workflow: Workflow;
  readonly network: Network;
  /** Whether all of the inventory is as asked, so that what is in none of it may go; absent before the last pass. */
  readonly isWhole?: boolean;
  /** Nodes that were changed: see `awaitHealth`. */
  readonly restarted?: readonly NodeSpec[];
};

/**
 * Registers the nodes that are proved: serially, since parallel adds get lost in the controller, and a changed engine
 * is added before its old row is removed. Never rejects.
 */
export async function applyEngines(
  shipyard: ObservedShipyard,
  nodes: readonly ReachedNode[],
  context: RegistrationContext,
): Promise<RegistrationOutcome> {
  if (shipyard.kind === 'none') return shipyard;
  if (shipyard.kind === 'unreachable') return { kind: 'failed', error: shipyard.error };
  const { engines: listed, list, driver } = shipyard;
  const answers = await askEngines(nodes, context);
  const planned = nodes.map((node) => ({
    node,
    plan: refusal(answers.get(node.spec), context.request) ?? planOf(node.spec, listed, context),
  }));
  const changes = new EngineChanges(shipyard, context);
  try {
    if (planned.some(({ plan }) => plan.kind === 'add' || plan.kind === 'remove')) await driver.check();
    const outcomes: EngineOutcome[] = [];
    for (const { node, plan } of planned)
      outcomes.push({ spec: node.spec, result: await carryOut(changes, node, plan, context) });
    const pruned = await prune(shipyard, changes, outcomes, context);
    let left = await changes.settle();
    const withStaying = (those: readonly EngineOutcome[]): readonly EngineOutcome[] =>
      those.map((one, index) => withLeft(one, planned[index]?.plan, left));
    const speaks = (spec: NodeSpec): boolean => answers.get(spec)?.kind !== 'refused';
    let seen = await awaitHealth(list, withStaying(outcomes), changes.listed ?? listed, {
      ...context,
      speaks,
    });
    if (left.size === 0 && changes.isBack(seen.engines)) {
      left = await changes.settle(seen.engines);
      seen = { outcomes: withStaying(seen.outcomes), engines: changes.listed ?? seen.engines };
    }
    const used = seen.outcomes.map((one) => ({
      ...one,
      use: useOf(one.spec, seen.engines, answers.get(one.spec)),
    }));
    const gone = pruned.removed.map((engine) => ({ engine, error: left.get(engine.id) }));
    const faults = pruned.fault === undefined ? [] : [pruned.fault];
    return {
      ...{ kind: 'done', outcomes: used, engines: seen.engines, pruned: gone, writes: changes.writes },
      ...(faults.length > 0 && { faults }),
    };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function planOf(
  spec: NodeSpec,
  listed: readonly Engine[],
  { authority, request, clock, workflow }: RegistrationContext,
): EnginePlan {
  const { plan, foreign } = planEngineAndStrays(spec, listed, authority, request, clock.now());
  for (const { name, id } of foreign)
    workflow.warning(
      `Shipyard's engine ${printable(name)} (id ${printable(id)}) has the address of the node under another name and is not ours; it stays, and Shipyard counts the node twice`,
      spec.name,
    );
  return plan;
}

/** The wire has the last word on what the version of Docker promised. */
function refusal(answer: ShipyardApi | undefined, request: ApplyRequest): EnginePlan | undefined {
  if (answer?.kind !== 'refused' || request.incompatibleEngines === 'warn') return undefined;
  return {
    kind: 'refuse',
    error: incompatible(`shipyard: ${answer.reason}, so that Shipyard cannot use it`),
  };
}

async function carryOut(
  changes: EngineChanges,
  node: ReachedNode,
  plan: EnginePlan,
  context: RegistrationContext,
): Promise<EngineOutcome['result']> {
  if (plan.kind === 'keep') return { kind: 'unchanged' };
  if (plan.kind === 'refuse') return { kind: 'failed', error: plan.error };
  const { reasons } = plan;
  let isAdded = false;
  try {
    if (plan.kind === 'add') {
      const fields = new Set(plan.remove.flatMap((row) => differingFields(node.spec, row)));
      const differs = fields.size === 0 ? '' : `; other ${[...fields].join(', ')}`;
      context.workflow.info(
        `adding the engine to Shipyard (${reasons.join(', ')}${differs})`,
        node.spec.name,
      );
      await changes.add(await newEngine(node, context));
      isAdded = true;
    }
    await changes.remove(plan.remove);
    return { kind: 'changed', reasons };
  } catch (error) {
    if (error instanceof Doubt) return { kind: 'incomplete', reasons, error: error.cause };
    return isAdded ? { kind: 'incomplete', reasons, error } : { kind: 'failed', error };
  }
}

/** A row that was to go and stays makes the change incomplete. */
function withLeft(
  outcome: EngineOutcome,
  plan: EnginePlan | undefined,
  left: ReadonlyMap<string, unknown>,
): EngineOutcome {
  if (outcome.result.kind !== 'changed' || plan === undefined || !('remove' in plan)) return outcome;
  const [staying] = plan.remove.filter(({ id }) => left.has(id));
  if (staying === undefined) return outcome;
  const { reasons } = outcome.result;
  return { ...outcome, result: { kind: 'incomplete', reasons, error: left.get(staying.id) } };
}

async function newEngine(node: ReachedNode, context: RegistrationContext): Promise<NewEngine> {
  const { spec } = node;
  const { authority, request, clock } = context;
  const resources = await resourcesOf(node, request.rollout);
  const identity = await issueIdentity(
    authority,
    { kind: 'client', name: spec.name },
    {
      algorithm: request.certificates.keyAlgorithm,
      lifetime: { days: request.certificates.certDays },
      now: clock.now(),
    },
  );
  const trusted = trustedCertificates(authority);
  return { name: spec.name, addr: engineUrl(spec), ...resources, labels: spec.labels, identity, trusted };
}
