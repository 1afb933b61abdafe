import type { Certificate } from '../authority/certificate.ts';
import type { Identity } from '../authority/issue.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Network } from '../ports/network.ts';
import { SHIPYARD_API } from '../shipyard/compatibility.ts';
import { pingEngine, type EngineRoute } from './proof.ts';

/** What an engine says to a request as Shipyard makes them. */
export type ShipyardApi =
  | { readonly kind: 'answered' }
  /** The engine does not speak that version of the API. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There was no such answer. */
  | { readonly kind: 'unknown'; readonly reason: string };

const PATH = `/v${SHIPYARD_API}/version`;

/**
 * Asks an engine what Shipyard asks it first, under a client certificate like that of Shipyard. That it answers `/_ping`,
 * which is all that `up` means, says nothing about this: `/_ping` has no version. Never rejects.
 */
export async function askAsShipyard(
  network: Network,
  route: EngineRoute,
  { address }: NodeSpec,
  trusted: readonly Certificate[],
  identity: Identity,
): Promise<ShipyardApi> {
  const seen = await pingEngine(network, route, { address, trusted, identity, path: PATH });
  if (seen.kind === 'accepted')
    return seen.status === 200
      ? { kind: 'answered' }
      : { kind: 'refused', reason: `the engine answered ${PATH} with ${seen.status}` };
  const reason = seen.kind === 'refused' ? `the client was refused: ${seen.alert}` : seen.reason;
  return { kind: 'unknown', reason: `the engine did not answer ${PATH}: ${reason}` };
}
