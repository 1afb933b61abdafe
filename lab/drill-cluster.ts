import { type Cluster, inventory } from './cluster.ts';
import type { Lab } from './lab.ts';
import type { LabNode } from './node.ts';
import { privateKeyOf } from './ssh-identity.ts';

/** The inputs of every run of the drill. */
export function nodeInputs(lab: Lab, { nodes }: Cluster): Readonly<Record<string, string>> {
  return {
    nodes: inventory(nodes),
    'ssh-private-key': privateKeyOf(lab.identity),
    'ca-passphrase': 'a passphrase of the drill',
    'max-unavailable': '100%',
  };
}

/** Resolves when no change is in progress on the node any more. */
export async function settled(node: LabNode): Promise<void> {
  await node.script(
    `for i in $(seq 600); do
       t=/etc/docker/shipyard-cluster/transaction
       [ -e $t/pending ] || [ -e $t/undoing ] || exit 0
       sleep 0.2
     done
     exit 1`,
    { timeoutMs: 130_000 },
  );
}
