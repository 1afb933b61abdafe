import { trustedCertificates, type Authority } from '../authority/authority.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import { askAsShipyard, type ShipyardApi } from '../prove/shipyard-api.ts';
import { isEngineOf, type Engine } from '../shipyard/engine.ts';
import { probe } from './witnesses.ts';

/** Whether Shipyard can use an engine, and if not, why: one sentence, safe to print. */
export type EngineUse = { readonly usable: true } | { readonly usable: false; readonly why: string };

export type Answers = ReadonlyMap<NodeSpec, ShipyardApi>;

/**
 * Asks every engine what Shipyard asks it, each once. The client is one of the authority, as Shipyard's is, that lives in
 * memory only: Shipyard's own key is not kept. Never rejects.
 */
export async function askEngines(
  nodes: readonly ReachedNode[],
  { network, authority, clock }: { network: Network; authority: Authority; clock: Clock },
): Promise<Answers> {
  if (nodes.length === 0) return new Map();
  const identity = await probe(authority.generations[0], clock.now());
  const trusted = trustedCertificates(authority);
  const ask = async ({ route, spec }: ReachedNode) =>
    [spec, await askAsShipyard(network, route, spec, trusted, identity)] as const;
  return new Map(await Promise.all(nodes.map(ask)));
}

/** The row of a node; of two the one that is up. */
export function rowOf(spec: NodeSpec, engines: readonly Engine[]): Engine | undefined {
  const rows = engines.filter((engine) => isEngineOf(engine, spec));
  return rows.find(({ health }) => health === 'up') ?? rows[0];
}

/** Usable is an engine that is up, whose Docker version Shipyard has found, and that answers Shipyard's API. */
export function useOf(
  spec: NodeSpec,
  engines: readonly Engine[],
  answer: ShipyardApi | undefined,
): EngineUse {
  const row = rowOf(spec, engines);
  if (row === undefined) return { usable: false, why: 'it is not listed' };
  if (answer !== undefined && answer.kind !== 'answered') return { usable: false, why: answer.reason };
  if (row.health === 'down')
    return { usable: false, why: `it is down: the controller itself must reach ${engineUrl(spec)}` };
  if (row.health !== 'up') return { usable: false, why: `its health is ${row.health}` };
  return row.dockerVersion === undefined
    ? { usable: false, why: 'it is up, but Shipyard has not found its Docker version' }
    : { usable: true };
}
