import type { LabNode } from './node.ts';

/** Resolves when no change is in progress on the node any more. */
export async function settled(node: LabNode, seconds = 90): Promise<void> {
  await node.script(
    `for i in $(seq ${seconds * 5}); do
       t=/etc/docker/shipyard-cluster/transaction
       [ -e $t/pending ] || [ -e $t/undoing ] || exit 0
       sleep 0.2
     done
     exit 1`,
    { timeoutMs: (seconds + 10) * 1000 },
  );
}
