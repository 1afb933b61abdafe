import { ConnectionLostError } from '../errors.ts';
import { switchedOver } from '../node/confirm-given-back.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import { proveClosed, proveFormer } from '../prove/closed.ts';
import type { Expectation } from '../prove/expectation.ts';
import { prove, type Proof } from '../prove/proof.ts';
import { printable } from '../report/printable.ts';
import { makeWitnesses } from './witnesses.ts';

/** Takes the proof of a node once; may be called again. */
export type Prover = () => Promise<Proof>;

const SWITCHED_TIMEOUT_MS = 180_000;

/** Makes what the proof of an expectation needs. It is good for 90 minutes, so ask for it right before the proof. */
export async function makeProver(
  node: ReachedNode,
  expected: Expectation,
  { network, clock }: { readonly network: Network; readonly clock: Clock },
): Promise<Prover> {
  const { route, spec, observation } = node;
  if (expected.kind === 'serves') {
    const { authority, serial } = expected;
    const witnesses = await makeWitnesses(authority, clock.now());
    return () => prove(network, route, spec, authority, witnesses, serial);
  }
  const before = observation.served.certificate?.serial;
  return async () => {
    const fault = await notSwitched(node);
    if (fault) return fault;
    return expected.kind === 'closed' ? proveClosed(route, spec) : proveFormer(network, route, spec, before);
  };
}

/** The wire shows a daemon that serves; of one that does not only the node itself can tell that it is well. */
async function notSwitched({ host }: ReachedNode): Promise<Proof | undefined> {
  try {
    const { status, stderr } = await host.run(switchedOver(SWITCHED_TIMEOUT_MS));
    return status === 0 ? undefined : { kind: 'failed', reason: printable(stderr), final: true };
  } catch (error) {
    if (!(error instanceof ConnectionLostError)) throw error;
    return { kind: 'failed', reason: error.message, final: false };
  }
}
