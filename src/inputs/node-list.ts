import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { parseInventory } from '../inventory/inventory.ts';
import type { InputReader } from './input-reader.ts';
import { quote } from './quote.ts';

/** Reads the inventory from `nodes-file` or `nodes`; `undefined` when anything in it is wrong. */
export function readNodes(reader: InputReader): readonly NodeSpec[] | undefined {
  const path = reader.text('nodes-file');
  const inline = reader.text('nodes');
  const input = path === '' ? 'nodes' : 'nodes-file';
  const text = reader.attempt(input, () => inventoryText(reader, path, inline));
  return text === undefined ? undefined : readInventory(reader, input, text);
}

/** The nodes of an inventory's text; `undefined` when anything in it is wrong, and reported as the input's. */
export function readInventory(
  reader: InputReader,
  input: string,
  text: string,
): readonly NodeSpec[] | undefined {
  const { nodes, problems } = parseInventory(text);
  for (const { message, hint } of problems) reader.refuse({ input, message, hint });
  return problems.length === 0 ? nodes : undefined;
}

function inventoryText(reader: InputReader, path: string, inline: string): string {
  if (path !== '' && inline !== '')
    throw new ActionError({
      message: 'is given beside nodes',
      hint: 'give one of the two; a file can be shared by all workflows',
    });
  if (path === '' && inline === '')
    throw new ActionError({
      message: 'is empty, and so is nodes-file: there are no nodes',
      hint: 'set nodes-file to the path of an inventory in the repository, or nodes to its text',
    });
  return path === '' ? inline : fileText(reader, path);
}

function fileText(reader: InputReader, path: string): string {
  if (/[\u0000-\u001f]/.test(path))
    throw new ActionError({
      message: 'is a text of several lines, not a path',
      hint: 'give the inventory itself as nodes',
    });
  const text = reader.readFile(path);
  if (text !== undefined) return text;
  throw new ActionError({
    message: `there is no file ${quote(path)} in the workspace`,
    hint: 'did actions/checkout run before this step? the path is relative to the root of the repository',
  });
}
