import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import { suggest } from '../inputs/nearest.ts';
import { quote } from '../inputs/quote.ts';
import type { Entry, Position, Report, Value, Written } from './entry.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** Reads a YAML or JSON list of nodes, or a mapping that has it under `nodes`. */
export function readYaml(text: string, report: Report): Entry[] {
  const yaml = parseYaml(text, report);
  const root = yaml?.resolve(yaml.root);
  if (!yaml || !root) return [];
  const list = isMap(root) ? listUnderNodes(yaml, root, report) : root;
  if (isSeq(list)) return list.items.flatMap((item, index) => readEntry(yaml, item, index, report) ?? []);
  if (list)
    report(yaml.positionOf(list), 'nodes', {
      message: 'is neither a list of nodes nor lines name=user@host:port',
      hint: 'begin each node with "- name: …", or write lines such as node1=root@10.0.0.11:22',
    });
  return [];
}

function listUnderNodes(yaml: YamlDocument, root: YAMLMap.Parsed, report: Report): ParsedNode | undefined {
  for (const { key } of root.items.filter((pair) => textOf(yaml, pair.key) !== 'nodes'))
    report(yaml.positionOf(key), 'nodes', {
      message: `the key ${quote(textOf(yaml, key))} is not known beside the list of nodes`,
      hint: suggest(textOf(yaml, key), ['nodes']),
    });
  return yaml.resolve(root.items.find(({ key }) => textOf(yaml, key) === 'nodes')?.value ?? null);
}

function readEntry(yaml: YamlDocument, item: ParsedNode, index: number, report: Report): Entry | undefined {
  const node = yaml.resolve(item);
  const at = yaml.positionOf(item);
  if (!isMap(node)) {
    const hint = 'write it as { name: node1, host: 10.0.0.11 }';
    report(at, `nodes[${index}]`, { message: 'is not a mapping', hint });
    return undefined;
  }
  const fields = new Map<string, { key: Position; value: Value }>();
  for (const { key, value } of node.items)
    fields.set(textOf(yaml, key), { key: yaml.positionOf(key), value: readValue(yaml, value ?? key, value) });
  return { index, at, fields };
}

/** `place` is where the value stands, or its key where it has none. */
function readValue(yaml: YamlDocument, place: ParsedNode, value: ParsedNode | null): Value {
  const at = yaml.positionOf(place);
  const node = yaml.resolve(value);
  if (!node)
    return unusable(at, 'has no value', 'give it one, or remove the key; the word null needs quotes');
  if (isScalar(node)) return { kind: 'single', value: { text: String(node.value), at } };
  if (!isSeq(node)) return unusable(at, 'is a mapping', 'write a text or a list of texts');
  const values: Written[] = [];
  for (const item of node.items) {
    const element = yaml.resolve(item);
    if (!isScalar(element)) {
      const hint =
        'write a list of texts; the word null needs quotes, and so does a text with a colon and a blank';
      return unusable(yaml.positionOf(item), 'has an element that is not a text', hint);
    }
    values.push({ text: String(element.value), at: yaml.positionOf(item) });
  }
  return { kind: 'list', values };
}

function unusable(at: Position, message: string, hint: string): Value {
  return { kind: 'unusable', at, problem: { message, hint } };
}

/** Only texts are known keys, so any other key may pass for the empty one, which is unknown too. */
function textOf(yaml: YamlDocument, key: ParsedNode | null): string {
  const node = yaml.resolve(key);
  return isScalar(node) ? String(node.value) : '';
}
