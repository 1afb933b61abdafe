import { type Cluster, type Nodes, inventory } from '../../../lab/cluster.ts';
import type { Lab } from '../../../lab/lab.ts';
import { knownHosts } from '../../../lab/ssh-client.ts';
import { privateKeyOf } from '../../../lab/ssh-identity.ts';

/** The inputs that lead the action to these nodes. */
export function nodeInputs(lab: Lab, { nodes }: Nodes): Readonly<Record<string, string>> {
  return { nodes: inventory(nodes), 'ssh-private-key': privateKeyOf(lab.identity) };
}

/** Labels that a shell would take for commands, wherever one of them came to stand unquoted. */
export const hostileLabels = [
  'a=$(reboot)',
  'b="; x',
  'c=`y`',
  "d='; reboot; '",
  '--help',
  '%s \\n',
] as const;

/** All nodes are changed at the same time. */
export const atOnce = { 'max-unavailable': '100%', canary: '0' } as const;

/** Takes the Shipyard of a cluster away, for runs that are about its nodes alone. */
export const withoutShipyard = { 'shipyard-master': '', 'shipyard-password': '' } as const;

/** For the suites that are about the CLI. */
export const cli = { 'shipyard-mode': 'cli' } as const;

/**
 * The inputs that lead it to their Shipyard, which still has its published password. It is changed over HTTP, since every
 * container of the CLI takes two seconds.
 */
export function shipyardInputs({ master }: Cluster): Readonly<Record<string, string>> {
  return {
    'shipyard-master': `root@${master.address}:22`,
    'ssh-known-hosts': knownHosts([master]),
    'shipyard-password': 'shipyard',
    'shipyard-mode': 'api',
  };
}
