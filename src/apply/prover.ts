import type { ReachedNode } from '../observe/observe-node.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import type { Expectation } from '../prove/expectation.ts';
import { prove, type Proof } from '../prove/proof.ts';
import { makeWitnesses } from './witnesses.ts';

/** Takes the proof of a node once; may be called again. It never rejects. */
export type Prover = () => Promise<Proof>;

/** Makes what the proof of an expectation needs. It is good for 90 minutes, so ask for it right before the proof. */
export async function makeProver(
  { route, spec }: ReachedNode,
  { authority, serial }: Expectation,
  { network, clock }: { readonly network: Network; readonly clock: Clock },
): Promise<Prover> {
  const witnesses = await makeWitnesses(authority, clock.now());
  return () => prove(network, route, spec, authority, witnesses, serial);
}
