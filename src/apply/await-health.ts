import { ActionError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { Engine, EngineList } from '../shipyard/engine.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { EngineOutcome } from './outcome.ts';

/** The controller looks at an engine every 10 s. */
const LIMIT_MS = 30_000;
const PAUSE_MS = 500;
const PROGRESS_EVERY = 10;

/**
 * Waits until Shipyard says of each engine that was changed that it is `up`, with a Docker version; one that is not
 * within 30 s becomes a failure. Resolves to the outcomes and the list as read last. Rejects when it cannot be read.
 */
export async function awaitHealth(
  list: EngineList,
  outcomes: readonly EngineOutcome[],
  { clock, workflow }: { readonly clock: Clock; readonly workflow: Workflow },
): Promise<{ readonly outcomes: readonly EngineOutcome[]; readonly engines: readonly Engine[] }> {
  const start = clock.now().getTime();
  const changed = outcomes.filter(({ result }) => result.kind === 'changed');
  for (let round = 0; ; round += 1) {
    const engines = await list.engines();
    const waiting = changed.filter((outcome) => !isUp(outcome, engines));
    if (waiting.length === 0) return { outcomes, engines };
    if (clock.now().getTime() - start > LIMIT_MS)
      return {
        outcomes: outcomes.map((one) => (waiting.includes(one) ? notUp(one, engines) : one)),
        engines,
      };
    if (round % PROGRESS_EVERY === 0)
      workflow.info(`waiting for Shipyard to see ${waiting.map(({ spec }) => spec.name).join(', ')} up`);
    await clock.sleep(PAUSE_MS);
  }
}

function isUp({ spec }: EngineOutcome, engines: readonly Engine[]): boolean {
  const row = rowOf(spec, engines);
  return row?.health === 'up' && row.dockerVersion !== undefined;
}

function rowOf(spec: EngineOutcome['spec'], engines: readonly Engine[]): Engine | undefined {
  return engines.find(({ name, addr }) => name === spec.name && addr === engineUrl(spec));
}

function notUp(outcome: EngineOutcome, engines: readonly Engine[]): EngineOutcome {
  const row = rowOf(outcome.spec, engines);
  const seen = row?.health === 'up' ? 'up, but without a Docker version' : (row?.health ?? 'not listed');
  const error = new ActionError({
    message: `shipyard: the engine was registered, but after ${LIMIT_MS / 1000} s it is ${seen}`,
    hint: `the controller itself must reach ${engineUrl(outcome.spec)}, and speaks only Docker's API v1.15, which Docker 26 and newer refuse`,
  });
  return { ...outcome, result: { kind: 'failed', error } };
}
