import type { ApplyRequest } from '../inputs/request.ts';
import { tellShipyard, type Observation } from '../observe/observe.ts';
import { observeShipyard } from '../observe/observe-shipyard.ts';
import { setUpSteps } from '../plan/shipyard-plan.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Does to Shipyard what was left undone when it was read: starts it on an empty master, and replaces the published
 * password. `use` gets what was seen, with the list as it is then. Rejects with what `use` rejects with.
 */
export async function withShipyardSetUp<T>(
  ports: Ports,
  { shipyard: target, ssh, rollout }: ApplyRequest,
  observed: Observation,
  use: (observed: Observation) => Promise<T>,
): Promise<T> {
  if (setUpSteps(observed.shipyard).length === 0) return use(observed);
  const shipyard = await ports.workflow.group('Setting Shipyard up', async () => {
    const reading = { mayChange: true, only: rollout.only };
    const seen = await observeShipyard(ports, target, ssh, rollout, reading);
    tellShipyard(ports.workflow, seen);
    if (seen.kind === 'reached') ports.workflow.output('changed', 'true');
    return seen;
  });
  try {
    return await use({ ...observed, shipyard });
  } finally {
    if (shipyard.kind === 'reached') shipyard.close();
  }
}
