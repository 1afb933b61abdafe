import type { Authority } from '../authority/authority.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { isOurs, planEngine, type EnginePlan, type EnginePolicy } from './engine-plan.ts';
import type { Engine } from './engine.ts';

/** The rows that have the address of a node, and a name that no node has. */
type Strays = { readonly ours: readonly Engine[]; readonly foreign: readonly Engine[] };

/** What is to be done about a node in Shipyard, and the rows of others with its address, which stay. */
export function planEngineAndStrays(
  spec: NodeSpec,
  listed: readonly Engine[],
  authority: Authority,
  policy: EnginePolicy & { readonly nodes: readonly NodeSpec[] },
  now: Date,
): { readonly plan: EnginePlan; readonly foreign: readonly Engine[] } {
  const { ours, foreign } = straysAt(spec, listed, authority, policy.nodes);
  return { plan: withStrays(planEngine(spec, listed, authority, policy, now), ours), foreign };
}

/** A row with the name of another node is that node's own affair. */
function straysAt(
  spec: NodeSpec,
  listed: readonly Engine[],
  authority: Authority,
  inventory: readonly NodeSpec[],
): Strays {
  const names = new Set(inventory.map(({ name }) => name)).add(spec.name);
  const rows = listed.filter(({ name, addr }) => addr === engineUrl(spec) && !names.has(name));
  return {
    ours: rows.filter((row) => isOurs(row, authority)),
    foreign: rows.filter((row) => !isOurs(row, authority)),
  };
}

/** The plan with the strays that are ours taken out as well: with them Shipyard counts the node twice. */
function withStrays(plan: EnginePlan, strays: readonly Engine[]): EnginePlan {
  if (strays.length === 0 || plan.kind === 'refuse') return plan;
  if (plan.kind === 'keep')
    return { kind: 'remove', engine: plan.engine, reasons: ['duplicate'], remove: strays };
  return { ...plan, remove: [...plan.remove, ...strays] };
}

/** Our engines that are in no entry of the inventory, by name or by address. */
export function unasked(
  listed: readonly Engine[],
  authority: Authority,
  inventory: readonly NodeSpec[],
): readonly Engine[] {
  return listed.filter(
    (row) =>
      isOurs(row, authority) &&
      !inventory.some((spec) => spec.name === row.name || engineUrl(spec) === row.addr),
  );
}
