import type { NodeFacts } from '../node/facts.ts';
import {
  incompatibility,
  incompatible,
  needsMinApiVersion,
  SHIPYARD_API,
  type IncompatibleEngines,
} from '../shipyard/compatibility.ts';

/** What a daemon has to be told so that Shipyard can use it. */
export type ShipyardDemand = {
  readonly minApiVersion?: string;
  readonly notes: readonly string[];
};

/**
 * What Shipyard's use of the engine asks of the node; nothing without Shipyard. Throws ActionError where the engine can
 * never be used, unless that is to be a warning only.
 */
export function shipyardDemand(facts: NodeFacts, policy: IncompatibleEngines | undefined): ShipyardDemand {
  const why = incompatibility(facts);
  if (policy === 'fail' && why !== undefined) throw incompatible(why);
  if (policy === undefined || !needsMinApiVersion(facts)) return { notes: [] };
  const note = `the override of docker.service has DOCKER_MIN_API_VERSION=${SHIPYARD_API}, without which Docker 25 does not answer Shipyard`;
  return { minApiVersion: SHIPYARD_API, notes: [note] };
}
