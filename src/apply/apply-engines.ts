import { issueIdentity } from '../authority/issue.ts';
import { trustedCertificates, type Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { factsScript } from '../node/facts-script.ts';
import { parseFacts } from '../node/facts.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { ShipyardApi } from '../prove/shipyard-api.ts';
import { incompatible } from '../shipyard/compatibility.ts';
import type { Engine, NewEngine } from '../shipyard/engine.ts';
import { planEngine, type EnginePlan } from '../shipyard/engine-plan.ts';
import type { EngineOutcome, RegistrationOutcome } from './outcome.ts';
import { awaitHealth } from './await-health.ts';
import { askEngines, useOf } from './engine-use.ts';

type Shipyard = Extract<ObservedShipyard, { kind: 'reached' }>;

export type RegistrationContext = {
  readonly authority: Authority;
  readonly request: ApplyRequest;
  readonly clock: Clock;
  readonly workflow: Workflow;
  readonly network: Network;
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
  const { authority, request, clock } = context;
  const answers = await askEngines(nodes, context);
  const planned = nodes.map((node) => ({
    node,
    plan:
      refusal(answers.get(node.spec), request) ??
      planEngine(node.spec, shipyard.engines, authority, request.certificates, clock.now()),
  }));
  try {
    if (planned.some(({ plan }) => plan.kind === 'add' || plan.kind === 'remove'))
      await shipyard.driver.check();
    const outcomes: EngineOutcome[] = [];
    for (const { node, plan } of planned)
      outcomes.push({ spec: node.spec, result: await carryOut(shipyard, node, plan, context) });
    const speaks = (spec: NodeSpec): boolean => answers.get(spec)?.kind !== 'refused';
    const seen = await awaitHealth(shipyard.list, outcomes, shipyard.engines, { ...context, speaks });
    const used = seen.outcomes.map((one) => ({
      ...one,
      use: useOf(one.spec, seen.engines, answers.get(one.spec)),
    }));
    return { kind: 'done', outcomes: used, engines: seen.engines };
  } catch (error) {
    return { kind: 'failed', error };
  }
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
  shipyard: Shipyard,
  node: ReachedNode,
  plan: EnginePlan,
  context: RegistrationContext,
): Promise<EngineOutcome['result']> {
  if (plan.kind === 'keep') return { kind: 'unchanged' };
  if (plan.kind === 'refuse') return { kind: 'failed', error: plan.error };
  const { reasons } = plan;
  const progress: Progress = { isChanged: false };
  try {
    if (plan.kind === 'add') {
      context.workflow.info(`adding the engine to Shipyard (${reasons.join(', ')})`, node.spec.name);
      await add(shipyard, await newEngine(node, context), progress);
    }
    await remove(shipyard, plan.remove, progress);
    return { kind: 'changed', reasons };
  } catch (error) {
    return progress.isChanged ? { kind: 'incomplete', reasons, error } : { kind: 'failed', error };
  }
}

/** Whether Shipyard has accepted anything, be it the whole of a plan or a part. */
type Progress = { isChanged: boolean };

async function newEngine(node: ReachedNode, context: RegistrationContext): Promise<NewEngine> {
  const { spec } = node;
  const { authority, request, clock } = context;
  const resources = await resourcesOf(node);
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

/** As the inventory says, else as the engine does. A daemon that was down when the node was read is up by now. */
async function resourcesOf({
  spec,
  host,
  observation,
}: ReachedNode): Promise<Pick<NewEngine, 'cpus' | 'memory'>> {
  if (spec.cpus !== undefined && spec.memory !== undefined) return { cpus: spec.cpus, memory: spec.memory };
  const engine = observation.facts.engine ?? parseFacts(await host.run(factsScript)).engine;
  const cpus = spec.cpus ?? engine?.cpus ?? 0;
  const memory = spec.memory ?? Math.floor((engine?.memoryBytes ?? 0) / 1024 ** 2);
  // Shipyard takes an engine of no size without a word, and then places nothing on it.
  if (cpus > 0 && memory > 0) return { cpus, memory };
  throw new ActionError({
    message: `shipyard: ${spec.name} was not registered, since its daemon does not tell its CPUs and memory`,
    hint: 'give the node cpus and memory (in MB) in the inventory, or look at `docker info` on it',
  });
}

/** Adds, and believes only the list: the one that was added is known by its certificate. */
async function add({ driver, list }: Shipyard, engine: NewEngine, progress: Progress): Promise<void> {
  const { serial } = engine.identity.certificate;
  const isListed = async (): Promise<boolean> =>
    (await list.engines()).some((row) => row.client?.serial === serial);
  try {
    await driver.add(engine);
  } catch (error) {
    // A call that was cut off may have been accepted all the same.
    progress.isChanged = await isListed().catch(() => false);
    throw error;
  }
  progress.isChanged = true;
  if (await isListed()) return;
  throw new ActionError({
    message: `shipyard: ${engine.name} was added, but the list does not show it`,
    hint: 'run the action again; if it stays so, restart the controller',
  });
}

/** Removes rows by the ids of a list that was read just now: an unknown id breaks the controller's answer. */
async function remove(
  { driver, list }: Shipyard,
  rows: readonly Engine[],
  progress: Progress,
): Promise<void> {
  if (rows.length === 0) return;
  const listed = new Set((await list.engines()).map(({ id }) => id));
  for (const { id } of rows)
    if (listed.has(id)) {
      await driver.remove(id);
      progress.isChanged = true;
    }
}
