import type { LabNode } from './node.ts';

/** Resolves when no change is in progress on the node any more. */
export async function settled(node: LabNode, seconds = 90): Promise<void> {
  await node.script(
    `for i in $(seq ${seconds}); do
       t=/etc/docker/shipyard-cluster/transaction
       [ -e $t/pending ] || [ -e $t/undoing ] || exit 0
       sleep 1
     done
     exit 1`,
    { timeoutMs: (seconds + 10) * 1000 },
  );
}

/**
 * Resolves when nobody holds the node's lock any more: the last one who did has taken away what was uploaded or prepared
 * and not put in use.
 */
export async function unlocked(node: LabNode, seconds = 60): Promise<void> {
  await node.script(`flock -w ${seconds} /run/shipyard-cluster.lock true`);
}
