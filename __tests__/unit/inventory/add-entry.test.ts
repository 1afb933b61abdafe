import { describe, expect, test } from '@jest/globals';
import { addEntry } from '../../../src/inventory/add-entry.ts';
import { parseInventory } from '../../../src/inventory/inventory.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdNX9uurOuRy5Xb5mBueHz1Aeu7qNqEbtY7GR7MrJkL';
const ENTRY = { name: 'node9', host: '10.0.0.19', 'host-keys': KEY, labels: ['ssd', 'no'] };
const WRITTEN = (depth: number): string =>
  ['- name: node9', '  host: 10.0.0.19', `  host-keys: ${KEY}`, '  labels:', '    - ssd', '    - no']
    .map((line) => `${' '.repeat(depth)}${line}\n`)
    .join('');

describe('a list in lines of its own gets the entry at its end, and nothing else changes', () => {
  test.each([
    ['under nodes', '# ours\nnodes:\n  - name: a # first\n    host: h   # kept\n', 2],
    ['under nodes, without a depth', 'nodes:\n- name: a\n  host: h\n', 0],
    ['at the top', '- name: a\n  host: h\n', 0],
    ['at the top, deep', '  -   name: a\n      host: h\n', 2],
    [
      'with odd quotes and blanks',
      'nodes:\n    - { name: a,   host: "h" }\n\n    - name:   \'b\'\n      host: i\n',
      4,
    ],
  ])('%s', (_, text, depth) => {
    expect(addEntry(text, ENTRY)).toBe(text + WRITTEN(depth));
  });

  test('before what follows the list', () => {
    const text = 'nodes:\n  - name: a\n    host: h\n# the end\n';
    expect(addEntry(text, ENTRY)).toBe(`nodes:\n  - name: a\n    host: h\n${WRITTEN(2)}# the end\n`);
  });

  test('where the last line has no end', () => {
    expect(addEntry('- name: a\n  host: h', ENTRY)).toBe(`- name: a\n  host: h\n${WRITTEN(0)}`);
  });

  test('after a text of several lines', () => {
    const text = '- name: a\n  host: h\n  host-keys: |\n    one\n    two\n';
    expect(addEntry(text, ENTRY)).toBe(text + WRITTEN(0));
  });

  test('with the line ends of the file', () => {
    expect(addEntry('- name: a\r\n  host: h\r\n', ENTRY)).toBe(
      `- name: a\r\n  host: h\r\n${WRITTEN(0).replaceAll('\n', '\r\n')}`,
    );
  });
});

test.each([
  ['nothing', ''],
  ['a comment', '# our nodes\n'],
  ['an empty list', '# our nodes\nnodes: [] # none yet\n'],
  ['nodes without a value', 'nodes:\n'],
])('a file with %s becomes an inventory, with its comments', (_, text) => {
  const added = addEntry(text, ENTRY) ?? '';
  for (const [comment] of text.matchAll(/#[^\n]*/g)) expect(added).toContain(comment);
  expect(added).toContain('\n    host: 10.0.0.19\n');
  const { nodes, problems } = parseInventory(added);
  expect(problems).toEqual([]);
  expect(nodes.map(({ name, labels }) => ({ name, labels }))).toEqual([
    { name: 'node9', labels: ['ssd', 'no'] },
  ]);
});

test('JSON stays JSON', () => {
  const added = addEntry('{"nodes": [{"name": "a", "host": "h"}]}', ENTRY) ?? '';
  expect(JSON.parse(added)).toEqual({ nodes: [{ name: 'a', host: 'h' }, ENTRY] });
});

test.each(['nodes: 3\n', 'just words\n'])('there is no list in %j', (text) => {
  expect(addEntry(text, ENTRY)).toBeUndefined();
});
