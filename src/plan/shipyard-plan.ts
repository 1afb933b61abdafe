import type { Authority } from '../authority/authority.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ListedShipyard, ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { Engine } from '../shipyard/engine.ts';
import { unasked } from '../shipyard/strays.ts';

/** What is to be done to Shipyard that is about no node of the inventory. */
export type ShipyardPlan = {
  /** Before its list can be changed. */
  readonly setUp: readonly SetUpStep[];
  /** The engines that go. */
  readonly pruned: readonly Engine[];
};

export type SetUpStep = 'start-shipyard' | 'replace-password';

/** What has to be done to Shipyard before its list can be changed; nothing where who read it could do that. */
export function setUpSteps(shipyard: ObservedShipyard): readonly SetUpStep[] {
  if (shipyard.kind === 'unreachable' && shipyard.isStartable) return ['start-shipyard'];
  if (shipyard.kind === 'reached' && shipyard.isPublished) return ['replace-password'];
  return [];
}

/** Shipyard as it is to be planned with: one that is still to be started lists nothing. */
export function expectedShipyard(shipyard: ObservedShipyard): ListedShipyard {
  return shipyard.kind === 'unreachable' && shipyard.isStartable
    ? { kind: 'reached', engines: [] }
    : shipyard;
}

/** The engines that go with `prune`: none where a node of the inventory could not be brought to what was asked. */
export function prunable(
  shipyard: ListedShipyard,
  authority: Authority,
  { prune, nodes }: { readonly prune: boolean; readonly nodes: readonly NodeSpec[] },
  isWhole: boolean,
): readonly Engine[] {
  return prune && isWhole && shipyard.kind === 'reached' ? unasked(shipyard.engines, authority, nodes) : [];
}
