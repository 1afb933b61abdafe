import { ActionError } from '../errors.ts';
import { HEARTBEAT_MS, lockScript } from '../node/lock-script.ts';
import type { HeldScript, RemoteHost } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';

/**
 * Takes the lock of a node, so that no two runs change it at once. It is held by a shell in our own SSH session and
 * so ends with the connection. Rejects with ActionError that says who holds it.
 */
export async function lockNode(host: RemoteHost, holder: string): Promise<HeldScript> {
  const held = await host.hold(lockScript(holder), HEARTBEAT_MS);
  if (held.firstLine === 'locked') return held;
  held.release();
  const other = /^held (.*)$/.exec(held.firstLine)?.[1];
  throw new ActionError({
    message:
      other === undefined
        ? `the node's lock could not be taken: ${printable(held.firstLine) || 'no answer'}`
        : `another run is changing the node: ${printable(other) || 'it does not say which'}`,
    hint:
      other === undefined
        ? 'the node needs flock (util-linux) and timeout (coreutils)'
        : 'wait for its end and run the action again; give workflows that share nodes one `concurrency` group',
  });
}
