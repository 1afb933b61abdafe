import type { NodeSpec } from './node-spec.ts';

/** The names that a node's server certificate carries: the engine's address first, then its further names, once each. */
export function certificateNames({ address, sans }: NodeSpec): readonly string[] {
  return [...new Set([address, ...sans])];
}
