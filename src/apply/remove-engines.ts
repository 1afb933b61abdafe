import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { Clock } from '../ports/clock.ts';
import type { Workflow } from '../ports/workflow.ts';
import { printable } from '../report/printable.ts';
import type { Engine } from '../shipyard/engine.ts';
import { enginesOf } from '../shipyard/engines-of.ts';
import { writeBack } from '../shipyard/write-back.ts';
import type { EngineOutcome, RegistrationOutcome } from './outcome.ts';

export type RemovalContext = {
  readonly authority: Authority | undefined;
  readonly clock: Clock;
  readonly workflow: Workflow;
};

/** What the first pass over Shipyard came to; the list has the last word, a moment later. */
export type FirstPass =
  | Extract<RegistrationOutcome, { kind: 'none' | 'failed' }>
  | { readonly kind: 'passed'; readonly shipyard: Shipyard; readonly removals: readonly Removal[] };

type Shipyard = Extract<ObservedShipyard, { kind: 'reached' }>;

/** What has happened to the engines of one node so far. */
type Removal = {
  readonly spec: NodeSpec;
  found: boolean;
  accepted: boolean;
  error: unknown;
  writes: number;
};

const { pauseMs: PAUSE_MS, rounds: ROUNDS } = writeBack;

/** Removes the engines of the nodes, one after the other, by the ids of a list read just now. Never rejects. */
export async function removeEngines(
  shipyard: ObservedShipyard,
  specs: readonly NodeSpec[],
  context: RemovalContext,
): Promise<FirstPass> {
  if (shipyard.kind === 'none') return shipyard;
  if (shipyard.kind === 'unreachable') return { kind: 'failed', error: stillListed(shipyard.error, specs) };
  const removals = specs.map((spec) => ({
    spec,
    found: false,
    accepted: false,
    error: undefined,
    writes: 0,
  }));
  try {
    const isAny = specs.some((spec) => enginesOf(spec, shipyard.engines, context.authority).ours.length > 0);
    if (isAny) await shipyard.driver.check();
    for (const spec of specs) tellNamesakes(spec, shipyard.engines, context);
    if (isAny) await pass(shipyard, await shipyard.list.engines(), removals, context);
    return { kind: 'passed', shipyard, removals };
  } catch (error) {
    return { kind: 'failed', error: stillListed(error, specs) };
  }
}

/**
 * Reads the list until it shows none of the removed engines any more, and removes again what came back; after some
 * rounds what stays is incomplete. Never rejects.
 */
export async function confirmRemoved(
  first: FirstPass,
  context: RemovalContext,
): Promise<RegistrationOutcome> {
  if (first.kind !== 'passed') return first;
  const { shipyard, removals } = first;
  if (!removals.some(({ found }) => found))
    return {
      kind: 'done',
      outcomes: removals.map((one) => outcome(one, [], undefined)),
      engines: shipyard.engines,
    };
  let engines = shipyard.engines;
  let fault: unknown;
  for (let round = 1; ; round += 1) {
    await context.clock.sleep(PAUSE_MS);
    try {
      engines = await shipyard.list.engines();
      fault = undefined;
      const left = removals.some(({ spec }) => enginesOf(spec, engines, context.authority).ours.length > 0);
      if (!left || round === ROUNDS) break;
      await pass(shipyard, engines, removals, context);
    } catch (error) {
      fault = error;
      if (round === ROUNDS) break;
    }
  }
  const seen = engines;
  const outcomes = removals.map((one) =>
    outcome(one, enginesOf(one.spec, seen, context.authority).ours, fault),
  );
  const writes = removals.reduce((sum, one) => sum + one.writes, 0);
  return { kind: 'done', outcomes, engines, writes };
}

async function pass(
  { driver }: Shipyard,
  listed: readonly Engine[],
  removals: readonly Removal[],
  { authority, workflow }: RemovalContext,
): Promise<void> {
  for (const removal of removals)
    for (const { id, addr } of enginesOf(removal.spec, listed, authority).ours) {
      workflow.info(
        `${removal.found ? 'removing what came back' : 'removing the engine'} ${printable(addr)} from Shipyard`,
        removal.spec.name,
      );
      removal.found = true;
      removal.writes += 1;
      try {
        await driver.remove(id);
        removal.accepted = true;
      } catch (error) {
        // A call that was cut off may have been accepted all the same: the list tells.
        removal.error = error;
      }
    }
}

function outcome(
  { spec, found, accepted, error }: Removal,
  left: readonly Engine[],
  fault: unknown,
): EngineOutcome {
  if (!found) return { spec, result: { kind: 'unchanged' } };
  if (fault === undefined && left.length === 0)
    return { spec, result: { kind: 'changed', reasons: ['removal'] } };
  if (!accepted) return { spec, result: { kind: 'failed', error: error ?? fault } };
  const why = fault ?? error ?? writtenBack(left);
  return { spec, result: { kind: 'incomplete', reasons: ['removal'], error: why } };
}

function writtenBack(left: readonly Engine[]): ActionError {
  const ids = left.map(({ id }) => printable(id)).join(', ');
  return new ActionError({
    message: `shipyard: the engine was removed ${ROUNDS} times and is still listed (id ${ids})`,
    hint: writeBack.hint,
  });
}

/** The nodes are given back all the same. */
function stillListed(error: unknown, specs: readonly NodeSpec[]): unknown {
  if (!(error instanceof ActionError)) return error;
  return new ActionError({
    message: `${error.message}; the engines of ${specs.map(({ name }) => name).join(', ')} may still be listed`,
    hint: `${error.hint}; then run remove again, which unregisters them`,
    cause: error,
  });
}

function tellNamesakes(
  spec: NodeSpec,
  listed: readonly Engine[],
  { authority, workflow }: RemovalContext,
): void {
  for (const { id, addr } of enginesOf(spec, listed, authority).namesakes)
    workflow.warning(
      `Shipyard's engine ${printable(addr)} (id ${printable(id)}) has the name of the node, but not its address, and stays${authority ? '' : '; with the input ca the action could tell whether it is ours'}`,
      spec.name,
    );
}
