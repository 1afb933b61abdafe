import type { AddNodeRequest } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { printable } from '../report/printable.ts';

/**
 * Writes a node into the inventory, for a commit that a later step makes; no host is asked. A node that is there just so
 * is no change. Resolves to `true`; rejects with ActionError where the file cannot be written.
 */
export async function addNode(
  { workflow, workspace }: Pick<Ports, 'workflow' | 'workspace'>,
  { path, name, text }: AddNodeRequest,
): Promise<boolean> {
  if (text !== undefined) await workspace.writeFile(path, text);
  workflow.output('changed', String(text !== undefined));
  workflow.info(
    text === undefined
      ? `${printable(path)} has it already, just so: nothing was written`
      : `written to ${printable(path)}; commit it before you apply, or the next scheduled run does not know the node`,
    name,
  );
  return true;
}
