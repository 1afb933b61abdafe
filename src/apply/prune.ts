import type { Authority } from '../authority/authority.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import type { Workflow } from '../ports/workflow.ts';
import { printable } from '../report/printable.ts';
import type { Engine, EngineDriver } from '../shipyard/engine.ts';
import { unasked } from '../shipyard/strays.ts';
import type { EngineChanges } from './engine-changes.ts';
import type { EngineOutcome } from './outcome.ts';

type PruneContext = {
  readonly authority: Authority;
  readonly request: ApplyRequest;
  readonly workflow: Workflow;
  readonly isWhole?: boolean;
};

/**
 * With consent, removes our engines that are in no entry of the inventory, unless anything of this run failed: a node that is
 * being renamed must not lose its only engine. Resolves to those that were removed.
 */
export async function prune(
  { driver, engines }: { readonly driver: EngineDriver; readonly engines: readonly Engine[] },
  changes: EngineChanges,
  outcomes: readonly EngineOutcome[],
  { authority, request, workflow, isWhole }: PruneContext,
): Promise<readonly Engine[]> {
  const rows = request.prune && isWhole !== undefined ? unasked(engines, authority, request.nodes) : [];
  if (rows.length === 0) return [];
  if (!isWhole || outcomes.some(({ result }) => 'error' in result)) {
    workflow.warning(
      `prune was left out, since not all nodes are as asked; ${rows.length} engine(s) of ours are in no entry of the inventory`,
    );
    return [];
  }
  if (changes.writes === 0) await driver.check();
  for (const { name, addr } of rows)
    workflow.info(
      `removing the engine ${printable(name)} at ${printable(addr)}: no entry of the inventory has it`,
    );
  await changes.remove(rows);
  return rows;
}
