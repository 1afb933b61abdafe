import { describe, expect, test } from '@jest/globals';
import { parseInventory } from '../../../src/inventory/inventory.ts';

describe('a text that is no inventory', () => {
  test.each([
    ['', 'the inventory names no node'],
    ['# nothing\n\n', 'the inventory names no node'],
    ['[]', 'the inventory names no node'],
    ['nodes:\n', 'the inventory names no node'],
    ['hello', 'line 1, column 1: nodes: is neither a list of nodes nor lines name=user@host:port'],
    ['node1: 10.0.0.11', 'line 1, column 1: nodes: the key "node1" is not known beside the list of nodes'],
    ['- a\n---\n- b', 'line 2, column 1: nodes: a second YAML document begins here'],
    ['- name: a\n  name: b', 'line 2, column 3: nodes: this key stands twice in one mapping'],
    ['[{"host": "a", "host": "b"}]', 'line 1, column 16: nodes: this key stands twice in one mapping'],
    ['- !node {name: a, host: b}', 'line 1, column 3: nodes: YAML tags have no meaning here'],
    ['- name: *a', 'line 1, column 9: nodes: there is no anchor for *a'],
    [
      '- name: a: b',
      'line 1, column 9: nodes: not valid YAML: nested mappings are not allowed in compact mappings',
    ],
    [
      '- {name: a',
      'line 1, column 11: nodes: not valid YAML: flow map in block collection must be sufficiently indented and end with a }',
    ],
    ['['.repeat(100_000), expect.stringContaining('nodes: not valid YAML: ')],
    ['- node1', 'line 1, column 3: nodes[0]: is not a mapping'],
    ['- &a [*a]', 'line 1, column 6: nodes[0]: is not a mapping'],
    ['a=b#c', 'line 1, column 3: nodes[0].host (a): "b#c" is neither a DNS name nor an IP address'],
    ['a=b\nnode2', 'line 2, column 1: nodes[1]: is not of the form name=user@host:port'],
    ['a=b\n c = ::1', 'line 2, column 6: nodes[1] (c): is not of the form user@host:port'],
  ])('%j', (text, message) => {
    expect(messages(text)).toEqual([message]);
  });

  test('aliases that stand for a billion texts', () => {
    const nine = (name: string) => `[${Array(9).fill(`*${name}`).join(', ')}]`;
    const lists = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} ${nine(`l${index}`)}`,
    );
    expect(messages(['l0: &l0 x', ...lists].join('\n'))).toEqual([
      'line 1, column 1: nodes: the aliases stand for far too many values',
    ]);
  });

  test('500 nodes that share a value are not too many', () => {
    const entries = Array.from(
      { length: 500 },
      (_, index) => `- {name: n${index}, host: h${index}, user: ${index ? '*u' : '&u deploy'}}`,
    );
    expect(parseInventory(entries.join('\n'))).toMatchObject({ nodes: { length: 500 }, problems: [] });
  });
});

function messages(text: string): string[] {
  return parseInventory(text).problems.map(({ message }) => message);
}
