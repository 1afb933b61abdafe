import { ActionError } from '../errors.ts';
import type { Proof } from '../prove/proof.ts';
import { layout } from '../node/layout.ts';
import { uploads } from '../node/uploads.ts';
import { errorText } from '../report/error-text.ts';
import { printable } from '../report/printable.ts';

/** Does what the undo does that is armed on a node in the middle of a change; a person types it. */
const UNDO_BY_HAND = `sudo sh ${layout.transaction}/${uploads.undo}`;

/** The wire does not show what it should. */
export function proofFailed(proof: Extract<Proof, { kind: 'failed' }>): ActionError {
  return new ActionError({
    message: `the proof failed: ${proof.reason}`,
    hint: 'look at `journalctl -u docker` on the node, and for another program on the engine port',
  });
}

/** Why a change was put back, with what the daemon logged of it, where that is known. */
export function rolledBack(cause: unknown, log: string): ActionError {
  const [first = ''] = errorText(cause).split('\n');
  const hint = cause instanceof ActionError ? cause.hint : 'report it with this text';
  return new ActionError({
    message: log.trim() === '' ? first : `${first}; docker logged last: ${printable(log, 1500)}`,
    hint: `${hint}; what was there before is in use again, as by this command on the node: ${UNDO_BY_HAND}`,
    cause,
  });
}

/** Two things went wrong, one after the other; a person may have to look at the node. */
export function also(cause: unknown, what: string, error: unknown): ActionError {
  const [first = ''] = errorText(cause).split('\n');
  const [second = ''] = errorText(error).split('\n');
  return new ActionError({
    message: `${first}; and ${what}: ${second}`,
    hint: `run the action again when the node can be reached; by hand on the node: ${UNDO_BY_HAND}; \`journalctl -u shipyard-cluster-undo -u docker\` tells more`,
    cause,
  });
}
