import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../shipyard/engine.ts';
import type { Stages } from '../plan/stages.ts';

/** The controller looks at an engine every 10 s. */
const LIMIT_MS = 30_000;
const PAUSE_MS = 500;

type Shipyard = Extract<ObservedShipyard, { kind: 'reached' }>;

/**
 * Waits until Shipyard has seen each of the engines up with its new client, 30 s long at most; `stages` take note of
 * what is listed. Resolves to the nodes that have not followed, and the list as read last. Never rejects.
 */
export async function awaitFollowers(
  shipyard: Shipyard,
  specs: readonly NodeSpec[],
  stages: Stages,
  clock: Clock,
): Promise<{ readonly late: readonly NodeSpec[]; readonly engines: readonly Engine[] }> {
  const end = clock.now().getTime() + LIMIT_MS;
  let { engines } = shipyard;
  for (;;) {
    const known = engines;
    engines = await shipyard.list.engines().catch(() => known);
    stages.see({ ...shipyard, engines });
    const late = specs.filter((spec) => !stages.clientsHaveFollowed(spec));
    if (late.length === 0 || clock.now().getTime() > end) return { late, engines };
    await clock.sleep(PAUSE_MS);
  }
}

export function notFollowed({ name }: NodeSpec): ActionError {
  return new ActionError({
    message: `shipyard: ${name} was given a client of the new CA, but was not seen up with it within ${LIMIT_MS / 1000} s; the node goes on trusting the old CA as well`,
    hint: 'find out why the controller does not reach the engine, then run the action again; compromised: true does not wait for Shipyard',
  });
}
