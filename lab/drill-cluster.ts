import { type Cluster, inventory } from './cluster.ts';
import type { Lab } from './lab.ts';
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
