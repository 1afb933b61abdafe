import { ConnectionLostError, UnreachableError } from '../errors.ts';
import type { Rollout } from '../inputs/request.ts';
import { pendingChange } from '../node/transaction.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeldScript, RemoteScript, ScriptResult } from '../ports/remote-host.ts';
import { lockNode } from './node-lock.ts';
import type { PreparedNode } from './prepare.ts';
import { also, undoneMeanwhile } from './switch-error.ts';

const RECONNECT_PAUSE_MS = 1000;
const GONE = 'the node cannot be reached any more';

/** A node in the middle of its change, whose connection may be lost: it is opened anew, and the node locked again. */
export class SwitchHost {
  readonly #prepared: Pick<PreparedNode, 'node' | 'transaction'>;
  readonly #clock: Clock;
  readonly #commandMs: number;
  /** Taken again after a lost connection; the first one is its taker's to release. */
  readonly #locks: HeldScript[] = [];
  /** Why it lets us in no more: a refused login, or another host key, is no matter of time. */
  #refusal: unknown;

  constructor(
    prepared: Pick<PreparedNode, 'node' | 'transaction'>,
    clock: Clock,
    { commandTimeoutSeconds }: Pick<Rollout, 'commandTimeoutSeconds'>,
  ) {
    this.#prepared = prepared;
    this.#clock = clock;
    this.#commandMs = commandTimeoutSeconds * 1000;
  }

  release(): void {
    for (const lock of this.#locks) lock.release();
  }

  /** Runs a script that may be repeated, over a new connection where the old one ends. Until `end` it tries to log in. */
  async runAgain(script: RemoteScript, end: number): Promise<ScriptResult> {
    for (;;) {
      try {
        return await this.#prepared.node.host.run(script);
      } catch (error) {
        if (!(error instanceof ConnectionLostError)) throw error;
        await this.#reconnect(error, end);
      }
    }
  }

  /** After a lost connection: goes on only if the change in progress on the node is still ours; rejects otherwise. */
  async resume(cause: unknown, end: number): Promise<void> {
    await this.#reconnect(cause, end);
    const { stdout } = await this.runAgain(pendingChange(this.#commandMs), end);
    if (stdout.trim() !== this.#prepared.transaction.id) throw undoneMeanwhile(cause);
  }

  #isOver(end: number): boolean {
    return this.#refusal !== undefined || this.#clock.now().getTime() > end;
  }

  async #reopen(): Promise<void> {
    try {
      await this.#prepared.node.host.reopen();
    } catch (error) {
      if (!(error instanceof UnreachableError || error instanceof ConnectionLostError)) this.#refusal = error;
      throw error;
    }
  }

  async #reconnect(cause: unknown, end: number): Promise<void> {
    const { node, transaction } = this.#prepared;
    for (;;) {
      if (this.#refusal !== undefined) throw also(cause, GONE, this.#refusal);
      try {
        await this.#reopen();
        // The lock went with the connection. sshd may notice that only after a minute of silence.
        this.#locks.push(await lockNode(node.host, transaction.id));
        return;
      } catch (error) {
        if (this.#isOver(end)) throw also(cause, GONE, error);
        await this.#clock.sleep(RECONNECT_PAUSE_MS);
      }
    }
  }
}
