import { ActionError, messageOf } from '../errors.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Clock } from '../ports/clock.ts';
import type { Workflow } from '../ports/workflow.ts';
import { printable } from '../report/printable.ts';
import type { Engine, EngineList } from '../shipyard/engine.ts';
import { rowOf } from './engine-use.ts';
import type { EngineOutcome } from './outcome.ts';

/** The controller looks at an engine every 10 s. */
const LIMIT_MS = 30_000;
const PAUSE_MS = 500;
const PROGRESS_EVERY = 10;

export type HealthContext = {
  readonly clock: Clock;
  readonly workflow: Workflow;
  /** Whether the engine of a node answers Shipyard's API: of one that does not, `up` is all there will be. */
  readonly speaks: (spec: NodeSpec) => boolean;
  /** Nodes that this run has changed: the controller may have looked at them while Docker restarted. */
  readonly restarted?: readonly NodeSpec[];
};

/** The list as it was read last, and why it could not be read after that. */
type Seen = { readonly engines?: readonly Engine[]; readonly fault?: unknown };

/**
 * Waits until Shipyard says of each engine that was changed that it is `up`, with a Docker version; one that is not
 * within 30 s is incomplete. One that is unchanged is waited for as well where its node was changed, and is never
 * incomplete for that. A list that cannot be read is asked for again until then. Resolves to the outcomes and the
 * list as read last; `known` is the one to show where it could not be read any more. Never rejects.
 */
export async function awaitHealth(
  list: EngineList,
  outcomes: readonly EngineOutcome[],
  known: readonly Engine[],
  { clock, workflow, speaks, restarted = [] }: HealthContext,
): Promise<{ readonly outcomes: readonly EngineOutcome[]; readonly engines: readonly Engine[] }> {
  const start = clock.now().getTime();
  let seen: Seen = {};
  for (let round = 0; ; round += 1) {
    seen = await look(list, seen);
    const { engines = known, fault } = seen;
    const waiting = outcomes.filter((one) => isAwaited(one, restarted) && !isUp(one, seen, speaks(one.spec)));
    if (fault === undefined && waiting.length === 0) return { outcomes, engines };
    if (clock.now().getTime() - start > LIMIT_MS) {
      if (fault !== undefined)
        workflow.warning(`Shipyard's list of engines could not be read: ${reason(fault)}`);
      const late = waiting.filter(({ result }) => result.kind === 'changed');
      return { outcomes: outcomes.map((one) => (late.includes(one) ? notUp(one, seen) : one)), engines };
    }
    if (round % PROGRESS_EVERY === 0) workflow.info(progress(waiting));
    await clock.sleep(PAUSE_MS);
  }
}

function isAwaited({ spec, result }: EngineOutcome, restarted: readonly NodeSpec[]): boolean {
  return result.kind === 'changed' || (result.kind === 'unchanged' && restarted.includes(spec));
}

async function look(list: EngineList, before: Seen): Promise<Seen> {
  try {
    return { engines: await list.engines() };
  } catch (fault) {
    return { ...before, fault };
  }
}

function progress(waiting: readonly EngineOutcome[]): string {
  const names = waiting.map(({ spec }) => spec.name).join(', ');
  return names === '' ? 'waiting for Shipyard to answer' : `waiting for Shipyard to see ${names} up`;
}

function isUp({ spec }: EngineOutcome, { engines = [] }: Seen, hasVersion: boolean): boolean {
  const row = rowOf(spec, engines);
  return row?.health === 'up' && (!hasVersion || row.dockerVersion !== undefined);
}

function notUp(outcome: EngineOutcome, seen: Seen): EngineOutcome {
  const row = rowOf(outcome.spec, seen.engines ?? []);
  const state =
    seen.fault !== undefined
      ? `the list cannot be read: ${reason(seen.fault)}`
      : row?.health === 'up'
        ? 'it is up, but without a Docker version'
        : `it is ${row?.health ?? 'not listed'}`;
  const error = new ActionError({
    message: `shipyard: the engine was registered, but after ${LIMIT_MS / 1000} s ${state}`,
    hint: `the controller itself must reach ${engineUrl(outcome.spec)}, and one engine that accepts connections and stays silent holds the health of all others: look at those that are not up, and restart the controller`,
  });
  const reasons = 'reasons' in outcome.result ? outcome.result.reasons : [];
  return { ...outcome, result: { kind: 'incomplete', reasons, error } };
}

function reason(fault: unknown): string {
  return printable(messageOf(fault));
}
