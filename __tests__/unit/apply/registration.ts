import { applyEngines, type RegistrationContext } from '../../../src/apply/apply-engines.ts';
import type { RegistrationOutcome } from '../../../src/apply/outcome.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { NodeSpec } from '../../../src/inventory/node-spec.ts';
import type { PingResult } from '../../../src/ports/network.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { FakeShipyard } from '../../support/fake-shipyard.ts';
import { FakeNetwork } from '../../support/fake-network.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW, reachedNode, request } from '../../support/fakes.ts';

/** What a daemon says of itself. */
export const ENGINE = {
  version: '20.10.24',
  cpus: 2,
  memoryBytes: 2 * 1024 ** 3,
  liveRestore: false,
  swarm: false,
};

export function registered(
  authority: Authority,
  shipyard: FakeShipyard,
  ...specs: readonly NodeSpec[]
): Promise<RegistrationOutcome> {
  const nodes = specs.map((spec) => reachedNode(spec));
  return applyEngines(observed(shipyard), nodes, registrationContext(authority));
}

/** A network in which every engine gives this answer. */
export function engines(answer: PingResult): FakeNetwork {
  return new FakeNetwork(() => answer);
}

export function observed(shipyard: FakeShipyard) {
  return {
    kind: 'reached',
    list: shipyard,
    driver: shipyard,
    engines: shipyard.rows,
    version: '2.0.10',
    close: () => undefined,
  } as const;
}

export function registrationContext(
  authority: Authority,
  network = engines({ kind: 'accepted', status: 200, served: undefined }),
): RegistrationContext {
  return { authority, request: request(), clock: new FakeClock(NOW), workflow: new FakeWorkflow(), network };
}
