import type { Authority } from '../authority/authority.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { isEngineOf, type Engine } from './engine.ts';
import { isOurs } from './engine-plan.ts';

/** The engines of a node that is taken out. */
export type EnginesOf = {
  readonly ours: readonly Engine[];
  /** They have its name, but nothing tells that they are the node's. */
  readonly namesakes: readonly Engine[];
};

/**
 * Finds the rows that go with a node: those with its name and address; and, with the authority at hand, those with one
 * of the two whose client certificate it issued, such as at a former address.
 */
export function enginesOf(
  spec: NodeSpec,
  listed: readonly Engine[],
  authority: Authority | undefined,
): EnginesOf {
  const hasName = ({ name }: Engine): boolean => name === spec.name;
  const hasAddress = ({ addr }: Engine): boolean => addr === engineUrl(spec);
  const isCertified = (engine: Engine): boolean => authority !== undefined && isOurs(engine, authority);
  const ours = listed.filter(
    (engine) => isEngineOf(engine, spec) || ((hasName(engine) || hasAddress(engine)) && isCertified(engine)),
  );
  return { ours, namesakes: listed.filter((engine) => hasName(engine) && !ours.includes(engine)) };
}
