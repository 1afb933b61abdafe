import { ActionError } from '../errors.ts';
import type { NodeChange } from '../plan/node-plan.ts';
import type { Proof } from '../prove/proof.ts';
import { layout } from '../node/layout.ts';
import { uploads } from '../node/uploads.ts';
import { errorText } from '../report/error-text.ts';
import { lastWords } from './switch-output.ts';
import { printable } from '../report/printable.ts';

/** Does what the undo does that is armed on a node in the middle of a change; a person types it. */
const UNDO_BY_HAND = `sudo sh ${layout.transaction}/${uploads.undo}`;

/** The change could not be put in use; `words` is what the daemon logged last, or what went wrong otherwise. */
export function switchFailed({ restart }: Pick<NodeChange, 'restart'>, words: string): ActionError {
  return new ActionError({
    message: `${restart ? 'docker did not start with the new configuration' : 'the change could not be put in use'}: ${lastWords(words)}`,
    hint: 'look at `journalctl -u docker` on the node',
  });
}

/** The wire does not show what it should. */
export function proofFailed(proof: Extract<Proof, { kind: 'failed' }>): ActionError {
  return new ActionError({
    message: `the proof failed: ${proof.reason}`,
    hint: 'look at `journalctl -u docker` on the node, and for another program on the engine port',
  });
}

/** Somebody else has changed what this change would replace. */
export class OvertakenError extends ActionError {
  constructor(places: string) {
    super({
      message: `changed by somebody else since it was read: ${printable(places)}`,
      hint: 'nothing of the node was changed; run the action again',
    });
  }
}

/** The wire shows what it should, and the change is not confirmed all the same. */
export function unconfirmed(why: string): ActionError {
  return new ActionError({
    message: `the change was proved, but could not be confirmed: ${why}`,
    hint: 'the connection was too slow; run the action again, with a longer rollback-timeout if it happens again',
  });
}

/** The connection came back too late, and the change in progress is not ours any more. */
export function undoneMeanwhile(cause: unknown): ActionError {
  return new ActionError({
    message: 'the connection was lost, and the node has undone the change since',
    hint: 'run the action again',
    cause,
  });
}

/** Why a change was put back, with what the daemon logged of it, where that is known. */
export function rolledBack(cause: unknown, log: string): ActionError {
  const [first = ''] = errorText(cause).split('\n');
  const hint = cause instanceof ActionError ? cause.hint : 'report it with this text';
  return new ActionError({
    message: log.trim() === '' ? first : `${first}; docker logged last: ${lastWords(log)}`,
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
