import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Network } from '../ports/network.ts';

const LIMIT_MS = 3000;

/**
 * Whether the engine port answers this machine directly. It says nothing about the proof, which goes through SSH, but
 * tells who else could reach the port. Never rejects.
 */
export async function isReachable(network: Network, { address, enginePort }: NodeSpec): Promise<boolean> {
  const dialled = await network.dial(address, enginePort, LIMIT_MS);
  if (dialled.kind === 'connected') dialled.stream.destroy();
  return dialled.kind === 'connected';
}
