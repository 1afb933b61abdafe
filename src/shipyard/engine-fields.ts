import { isDeepStrictEqual } from 'node:util';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Engine } from './engine.ts';

/** The fields in which a row is not as asked, by the names that the inventory has for them; labels in any order. */
export function differingFields(spec: NodeSpec, engine: Engine): readonly string[] {
  const differs = {
    address: engine.addr !== engineUrl(spec),
    labels: !isDeepStrictEqual([...engine.labels].sort(), [...spec.labels].sort()),
    cpus: spec.cpus !== undefined && spec.cpus !== engine.cpus,
    memory: spec.memory !== undefined && spec.memory !== engine.memory,
  };
  return Object.entries(differs).flatMap(([field, isDifferent]) => (isDifferent ? [field] : []));
}
