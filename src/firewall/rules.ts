/** Addresses and networks in canonical form, sorted: each alone, none within another. */
export type Allowed = {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
};

/** Who may reach a TCP port of the node, beside the node itself. */
export type PortRules = {
  readonly port: number;
  readonly allow: Allowed;
};

/** Under this name all that is ours can be found. */
export const TAG = 'shipyard-cluster';

/** A prefix of full length is left out: as the programs print single addresses. */
export function bare(network: string): string {
  return network.replace(network.includes(':') ? /\/128$/ : /\/32$/, '');
}

export function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && [...some].sort().join(' ') === [...others].sort().join(' ');
}
