import type { LabNode } from '../../../lab/node.ts';

/** The private keys of all sets that lie on the nodes, in PEM; empty for a node that has none. */
export function nodeKeys(nodes: readonly LabNode[]): Promise<readonly string[]> {
  const script = 'cat /etc/docker/shipyard-cluster/sets/*/key.pem 2>/dev/null || true';
  return Promise.all(nodes.map((node) => node.script(script)));
}
