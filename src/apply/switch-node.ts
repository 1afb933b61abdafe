import { ConnectionLostError } from '../errors.ts';
import { LOST, OVERTAKEN } from '../node/undo-script.ts';
import { confirm, lostContainers, switchOver, undo } from '../node/transaction.ts';
import type { NodePlanner } from '../plan/plan-nodes.ts';
import type { Network } from '../ports/network.ts';
import type { ScriptResult } from '../ports/remote-host.ts';
import type { Certificate } from '../authority/certificate.ts';
import { lookAtPort } from '../prove/proof.ts';
import { printable } from '../report/printable.ts';
import type { NodeResult } from './outcome.ts';
import { discardPrepared, type PrepareContext, type PreparedNode } from './prepare.ts';
import { proveAccess } from './prove-access.ts';
import { makeProver } from './prover.ts';
import { also, OvertakenError, proofFailed, rolledBack, switchFailed, unconfirmed } from './switch-error.ts';
import { SwitchHost } from './switch-host.ts';
import { logged, lostNames } from './switch-output.ts';

export type SwitchContext = PrepareContext & {
  readonly network: Network;
  /** Plans a node that was read again. */
  readonly plan: NodePlanner;
};

const PAUSE_MS = 250;
/** Above the sum of all that an undo waits for. */
const UNDO_MS = 300_000;

/**
 * Puts the prepared change in use, proves it on the wire and confirms it; or undoes it. Whatever becomes of us, the
 * node undoes what is not confirmed within the rollback timeout. Never rejects.
 */
export async function switchNode(prepared: PreparedNode, context: SwitchContext): Promise<NodeResult> {
  const change = new Switch(prepared, context);
  try {
    return await change.carryOut();
  } finally {
    change.release();
  }
}

class Switch {
  readonly #prepared: PreparedNode;
  readonly #context: SwitchContext;
  /** Until then we try to prove and to confirm; after it the undo that is armed on the node may begin. */
  readonly #proofEnd: number;
  readonly #undoStart: number;
  readonly #commandMs: number;
  readonly #host: SwitchHost;

  constructor(prepared: PreparedNode, context: SwitchContext) {
    const { rollbackTimeoutSeconds, commandTimeoutSeconds } = context.rollout;
    const now = context.clock.now().getTime();
    this.#prepared = prepared;
    this.#context = context;
    this.#host = new SwitchHost(prepared, context.clock, context.rollout);
    this.#proofEnd = now + (rollbackTimeoutSeconds * 1000 * 2) / 3;
    this.#undoStart = now + rollbackTimeoutSeconds * 1000;
    this.#commandMs = commandTimeoutSeconds * 1000;
  }

  async carryOut(): Promise<NodeResult> {
    const { change, node } = this.#prepared;
    const { reasons } = change;
    let lostContainers: readonly string[];
    let certificate: Certificate | undefined;
    try {
      const lost = await this.#switchOver();
      if (change.filter !== undefined) await proveAccess(node, this.#context);
      certificate = await this.#prove();
      lostContainers = lost ?? (await this.#lostMeanwhile());
    } catch (error) {
      return error instanceof OvertakenError ? this.#leave(error) : this.#undo(error);
    }
    const unconfirmed = await this.#confirm(lostContainers);
    if (unconfirmed) return unconfirmed;
    return certificate
      ? { kind: 'changed', reasons, certificate, lostContainers }
      : { kind: 'removed', reasons, lostContainers };
  }

  release(): void {
    this.#host.release();
  }

  /** Resolves to the names of the containers that were lost; to nothing where we were not there to hear them. */
  async #switchOver(): Promise<readonly string[] | undefined> {
    const { transaction, node } = this.#prepared;
    const { rollbackTimeoutSeconds } = this.#context.rollout;
    const startSeconds = Math.floor((rollbackTimeoutSeconds * 2) / 3);
    const script = switchOver(transaction, {
      undoAfterSeconds: rollbackTimeoutSeconds,
      startSeconds,
      timeoutMs: (startSeconds + 5) * 1000,
    });
    let result: ScriptResult;
    try {
      result = await node.host.run(script);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      await this.#host.resume(error, this.#proofEnd);
      return undefined;
    }
    if (result.status === 0) return lostNames(result.stdout);
    if (result.status === OVERTAKEN) throw new OvertakenError(result.stderr);
    throw switchFailed(this.#prepared.change, result.stderr);
  }

  async #lostMeanwhile(): Promise<readonly string[]> {
    const { stdout } = await this.#host.runAgain(lostContainers(this.#commandMs), this.#undoStart);
    return lostNames(stdout);
  }

  /** Resolves to our certificate, where one is served now. */
  async #prove(): Promise<Certificate | undefined> {
    const { node, expected } = this.#prepared;
    const { clock } = this.#context;
    const prove = await makeProver(node, expected, this.#context);
    for (;;) {
      const proof = await prove();
      if (proof.kind === 'proved') return proof.served;
      if (proof.final || clock.now().getTime() > this.#proofEnd) throw proofFailed(proof);
      if (!node.host.isOpen) await this.#host.resume(proofFailed(proof), this.#proofEnd);
      await clock.sleep(PAUSE_MS);
    }
  }

  /** Resolves to nothing when the change is confirmed. */
  async #confirm(lostContainers: readonly string[]): Promise<NodeResult | undefined> {
    const { change, transaction } = this.#prepared;
    const { reasons } = change;
    try {
      const { status, stderr } = await this.#host.runAgain(
        confirm(transaction, this.#commandMs),
        this.#undoStart,
      );
      if (status === 0) return undefined;
      if (status !== LOST) return { kind: 'left-to-undo', reasons, error: unconfirmed(printable(stderr)) };
      return await this.#undo(unconfirmed('the node had begun to undo it'), lostContainers);
    } catch (error) {
      return { kind: 'left-to-undo', reasons, error };
    }
  }

  /** Nothing of the node was changed. */
  async #leave(error: OvertakenError): Promise<NodeResult> {
    await discardPrepared(this.#prepared, this.#context);
    return { kind: 'failed', error };
  }

  /** Also waits for an undo by the node itself; `lost` are the containers that are known to be lost by then. */
  async #undo(cause: unknown, lost: readonly string[] = []): Promise<NodeResult> {
    const { change, node, transaction } = this.#prepared;
    const { reasons } = change;
    let result: ScriptResult;
    try {
      result = await this.#host.runAgain(
        undo(transaction, Math.max(this.#commandMs, UNDO_MS)),
        this.#undoStart,
      );
    } catch (error) {
      return { kind: 'left-to-undo', reasons, error: also(cause, 'the node undoes it by itself', error) };
    }
    // There was nothing to undo yet: what was prepared is still there.
    if (result.status === LOST) await discardPrepared(this.#prepared, this.#context);
    const lostContainers = [...new Set([...lost, ...lostNames(result.stdout)])];
    const served = await lookAtPort(this.#context.network, node.route, node.spec);
    const before = node.observation.served.certificate?.serial;
    if ((result.status === 0 || result.status === LOST) && served.certificate?.serial === before)
      return {
        kind: 'rolled-back',
        reasons,
        error: rolledBack(cause, logged(result.stdout)),
        lostContainers,
      };
    const why = new Error(result.stderr);
    return {
      kind: 'undo-failed',
      reasons,
      error: also(cause, 'what was there before could not be put back', why),
      lostContainers,
    };
  }
}
