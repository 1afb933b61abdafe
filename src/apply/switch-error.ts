import { ActionError } from '../errors.ts';
import type { Proof } from '../prove/proof.ts';
import { errorText } from '../report/error-text.ts';

/** The wire does not show what it should. */
export function proofFailed(proof: Extract<Proof, { kind: 'failed' }>): ActionError {
  return new ActionError({
    message: `the proof failed: ${proof.reason}`,
    hint: 'look at `journalctl -u docker` on the node, and for another program on the engine port',
  });
}

/** Two things went wrong, one after the other; a person may have to look at the node. */
export function also(cause: unknown, what: string, error: unknown): ActionError {
  const [first = ''] = errorText(cause).split('\n');
  const [second = ''] = errorText(error).split('\n');
  return new ActionError({
    message: `${first}; and ${what}: ${second}`,
    hint: 'run the action again when the node can be reached; by hand on the node: sh /etc/docker/shipyard-cluster/transaction/undo.sh; `journalctl -u shipyard-cluster-undo -u docker` tells more',
    cause,
  });
}
