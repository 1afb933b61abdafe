import { bracketed } from './host.ts';
import type { NodeSpec } from './node-spec.ts';

/** The engine's URL as Shipyard knows it: `https://host:port`, always with the port. */
export function engineUrl({ address, enginePort }: Pick<NodeSpec, 'address' | 'enginePort'>): string {
  return `https://${bracketed(address)}:${enginePort}`;
}
