import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import { initSystemOf } from '../node/init-system.ts';
import { confirm, discard, switchOver, undo } from '../node/transaction.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import { prove, type Proof, type Witnesses } from '../prove/proof.ts';
import { printable } from '../report/printable.ts';
import type { NodeResult } from './outcome.ts';
import type { PreparedNode } from './prepare.ts';

/** The daemon is ready when its restart returns; this is for one that reports ready too early. */
const PROOF_LIMIT_MS = 20_000;
const PROOF_PAUSE_MS = 250;

export type SwitchContext = {
  readonly network: Network;
  readonly clock: Clock;
  readonly authority: Authority;
  readonly witnesses: Witnesses;
};

/** Puts the prepared change in use, proves it on the wire and confirms it; or puts back what was there. Never rejects. */
export async function switchNode(prepared: PreparedNode, context: SwitchContext): Promise<NodeResult> {
  const { node, change, set } = prepared;
  const { reasons } = change;
  const init = initSystemOf(node.observation.facts);
  try {
    const switched = await node.host.run(switchOver(set, init));
    if (switched.status !== 0)
      throw new ActionError({
        message: `docker did not start with the new configuration: ${printable(switched.stderr, 1500)}`,
        hint: 'look at `journalctl -u docker` on the node',
      });
    const proof = await proveSoon(prepared, context);
    if (proof.kind === 'failed')
      throw new ActionError({
        message: `the proof failed: ${proof.reason}`,
        hint: 'look at `journalctl -u docker` on the node, and for another program on the engine port',
      });
    await node.host.run(confirm);
    return { kind: 'changed', reasons, certificate: proof.served };
  } catch (error) {
    return { kind: 'rolled-back', reasons, error: await putBack(prepared, error) };
  }
}

/** Takes what was prepared away again. Never rejects: it changes nothing that is in use. */
export async function discardPrepared({ node, change, set }: PreparedNode): Promise<void> {
  if (change.certificate.kind === 'issue') await node.host.run(discard(set)).catch(() => undefined);
}

async function proveSoon({ node, serial }: PreparedNode, context: SwitchContext): Promise<Proof> {
  const { network, clock, authority, witnesses } = context;
  const start = clock.now().getTime();
  for (;;) {
    const proof = await prove(network, node.route, node.spec, authority, witnesses, serial);
    if (proof.kind === 'proved' || clock.now().getTime() - start > PROOF_LIMIT_MS) return proof;
    await clock.sleep(PROOF_PAUSE_MS);
  }
}

/** The error of the change, or, where even that failed, one that says that the node needs a person. */
async function putBack({ node, set }: PreparedNode, error: unknown): Promise<unknown> {
  try {
    const undone = await node.host.run(undo(set, initSystemOf(node.observation.facts)));
    if (undone.status === 0) return error;
    throw new Error(undone.stderr);
  } catch (failure) {
    const message = error instanceof Error ? error.message : String(error);
    return new ActionError({
      message: `${message}; and what was there before could not be put back: ${printable(failure instanceof Error ? failure.message : String(failure))}`,
      hint: 'log in to the node and look at `systemctl status docker`; the former files are in /etc/docker/shipyard-cluster/before',
      cause: error,
    });
  }
}
