import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument } from 'yaml';
import { ActionError } from '../errors.ts';
import { addEntry, type EntryFields } from '../inventory/add-entry.ts';
import { parseInventory } from '../inventory/inventory.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { isShortLines } from '../inventory/short-lines.ts';
import type { InputReader } from './input-reader.ts';
import { readInventory } from './node-list.ts';
import { quote } from './quote.ts';
import type { AddNodeRequest } from './request.ts';

/**
 * Reads what `command: add-node` takes: the inventory's file and one entry for it. The entry is checked by itself and
 * against the inventory, and so is the inventory that comes of it.
 */
export function readAddNodeRequest(reader: InputReader): AddNodeRequest | undefined {
  const path = reader.text('nodes-file');
  const text = reader.attempt('nodes-file', () => inventoryText(reader, path));
  const entry = reader.attempt('node', () => entryFields(reader.text('node')));
  if (text === undefined || !entry) return undefined;
  const node = readSpec(reader, entry);
  const nodes = isEmpty(text) ? [] : readInventory(reader, 'nodes-file', text);
  if (!node || !nodes) return undefined;
  const same = nodes.find(({ name }) => name === node.name);
  if (same && isDeepStrictEqual(same, { ...node, rank: same.rank }))
    return { command: 'add-node', path, name: node.name };
  const added = reader.attempt('node', () =>
    textWith(text, entry, [...nodes, { ...node, rank: nodes.length }], same),
  );
  return added === undefined ? undefined : { command: 'add-node', path, name: node.name, text: added };
}

function inventoryText(reader: InputReader, path: string): string {
  if (path === '')
    throw new ActionError({
      message: 'is empty, and command add-node writes to it',
      hint: 'set nodes-file to the path of the inventory in the repository',
    });
  const text = reader.readFile(path);
  if (text === undefined)
    throw new ActionError({
      message: `there is no file ${quote(path)} in the workspace`,
      hint: 'did actions/checkout run before this step? a first inventory is a file with the line "nodes: []"',
    });
  if (isShortLines(text))
    throw new ActionError({
      message: `the inventory ${quote(path)} is written in short lines, which have no place for host keys`,
      hint: 'write it as YAML: a list of entries such as "- name: node1"',
    });
  return text;
}

function entryFields(text: string): EntryFields {
  if (text === '')
    throw new ActionError({
      message: 'is empty, and command add-node needs the entry that it is to add',
      hint: 'give it as {"name": "node4", "host": "10.0.0.14", "host-keys": "ssh-ed25519 AAAA…"}',
    });
  const document = parseDocument(text, { schema: 'failsafe' });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault || !isMap(document.contents))
    throw new ActionError({
      message: fault ? `is not valid YAML: ${quote(fault.message.split('\n')[0] ?? '')}` : 'is not one entry',
      hint: 'give one entry as a YAML or JSON mapping, with name, host and host-keys',
    });
  const fields = document.toJS({ maxAliasCount: 10 }) as EntryFields;
  if (fields['host-keys'] === undefined || fields['host-keys'] === '')
    throw new ActionError({
      message: 'has no host-keys, and a host whose key is not known is never logged in to',
      hint: "give the first two words of the host's own /etc/ssh/ssh_host_ed25519_key.pub; command scan-host-keys shows what to compare them with",
    });
  return fields;
}

function readSpec(reader: InputReader, entry: EntryFields): NodeSpec | undefined {
  const { nodes, problems } = parseInventory(JSON.stringify([entry]));
  for (const { message, hint } of problems)
    reader.refuse({ input: 'node', message: withoutPlace(message), hint });
  return problems.length === 0 ? nodes[0] : undefined;
}

/** An inventory that names no node yet is none for any other command. */
function isEmpty(text: string): boolean {
  const document = parseDocument(text, { schema: 'failsafe' });
  if (document.errors.length > 0) return false;
  const value: unknown = document.toJS({ maxAliasCount: 10 });
  const list: unknown = value instanceof Object && 'nodes' in value ? value.nodes : value;
  return list === null || list === '' || (Array.isArray(list) && list.length === 0);
}

/** The new text, which must read as the old nodes and the new one. */
function textWith(
  text: string,
  entry: EntryFields,
  wanted: readonly NodeSpec[],
  same: NodeSpec | undefined,
): string {
  if (same)
    throw new ActionError({
      message: `${same.name} is in the inventory already, with other values`,
      hint: 'edit the inventory to change a node; add-node only adds one',
    });
  const added = addEntry(text, entry);
  const { nodes, problems } = parseInventory(added ?? '');
  const [problem] = problems;
  if (added !== undefined && !problem && isDeepStrictEqual(nodes, wanted)) return added;
  throw new ActionError(
    problem && added !== undefined
      ? { ...problem, message: withoutPlace(problem.message) }
      : {
          message: 'cannot be added to the inventory as it is written',
          hint: 'add the entry by hand, or write the inventory as a plain list of nodes',
        },
  );
}

/** The entry was written by us, so that its place in the text tells nobody anything. */
function withoutPlace(message: string): string {
  return message.replace(/^line \d+, column \d+: nodes\[\d+\]\.?/, '');
}
