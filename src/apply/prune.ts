import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
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

/** The engines that were asked to go, and why they could not be. */
type Pruned = { readonly removed: readonly Engine[]; readonly fault?: unknown };

/**
 * With consent, removes our engines that are in no entry of the inventory, unless anything of this run failed: a node that is
 * being renamed must not lose its only engine. Never rejects, since what was done before it must be told.
 */
export async function prune(
  { driver, engines }: { readonly driver: EngineDriver; readonly engines: readonly Engine[] },
  changes: EngineChanges,
  outcomes: readonly EngineOutcome[],
  { authority, request, workflow, isWhole }: PruneContext,
): Promise<Pruned> {
  const rows = request.prune && isWhole !== undefined ? unasked(engines, authority, request.nodes) : [];
  if (rows.length === 0) return { removed: [] };
  if (!isWhole || outcomes.some(({ result }) => 'error' in result)) {
    workflow.warning(
      `prune was left out, since not all nodes are as asked; ${rows.length} engine(s) of ours are in no entry of the inventory`,
    );
    return { removed: [] };
  }
  try {
    if (changes.writes === 0) await driver.check();
    for (const { name, addr } of rows)
      workflow.info(
        `removing the engine ${printable(name)} at ${printable(addr)}: no entry of the inventory has it`,
      );
    await changes.remove(rows);
    return { removed: rows };
  } catch (error) {
    return { removed: [], fault: notPruned(error, rows) };
  }
}

function notPruned(error: unknown, rows: readonly Engine[]): unknown {
  if (!(error instanceof ActionError)) return error;
  const names = rows.map(({ name }) => printable(name)).join(', ');
  return new ActionError({
    message: `${error.message}; nothing was pruned, and Shipyard still lists ${names}, which no entry of the inventory has`,
    hint: `${error.hint}; then run the action again`,
    cause: error,
  });
}
