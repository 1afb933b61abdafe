import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { privateKey } from '../support/inputs.ts';
import { COMMANDS, readInputs } from '../../src/inputs/read-inputs.ts';
import { parseInventory } from '../../src/inventory/inventory.ts';

type Described = { readonly description: string; readonly default?: string; readonly required?: boolean };
type Action = {
  readonly description: string;
  readonly runs: unknown;
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
};

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const docs = readFileSync('docs/inputs.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

/** The least that makes a whole request. */
const LEAST: Readonly<Record<string, string>> = {
  nodes: 'node1=10.0.0.11',
  only: 'node1',
  'ssh-private-key': privateKey,
  ca: 'bundle',
  'ca-passphrase': 'passphrase',
};

/** The same for add-node, which takes nothing of it. */
const ADDED: Readonly<Record<string, string>> = {
  'nodes-file': 'nodes.yml',
  node: JSON.stringify({
    name: 'node1',
    host: '10.0.0.11',
    'host-keys': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdNX9uurOuRy5Xb5mBueHz1Aeu7qNqEbtY7GR7MrJkL',
  }),
};

test('runs what the build makes, on Node 24, and cleans up however that ends', () => {
  expect(action.runs).toEqual({
    using: 'node24',
    main: 'dist/index.js',
    post: 'dist/post/index.js',
    'post-if': 'always()',
  });
});

test('has a description that the marketplace takes', () => {
  expect(action.description.length).toBeLessThanOrEqual(125);
});

test('declares the inputs that are read, and no other', () => {
  const read = new Set<string>();
  for (const command of COMMANDS)
    readInputs(
      {
        input: (name) => {
          read.add(name);
          return name === 'command' ? command : ((command === 'add-node' ? ADDED : LEAST)[name] ?? '');
        },
        readFile: () => 'nodes: []\n',
      },
      'push',
    );
  expect([...read].sort()).toEqual(Object.keys(action.inputs).sort());
});

test.each([
  ['apply', ['nodes', 'ssh-private-key', 'ca', 'ca-passphrase']],
  ['remove', ['nodes', 'only', 'ssh-private-key', 'ca-passphrase']],
  ['plan', ['nodes', 'ssh-private-key', 'ca']],
  ['status', ['nodes', 'ssh-private-key']],
  ['check', ['nodes']],
  ['scan-host-keys', ['nodes']],
])('%s needs %j', (command, needed) => {
  const isNeeded = (name: string) => {
    const given: Readonly<Record<string, string>> = { ...LEAST, command, [name]: '' };
    try {
      readInputs({ input: (asked) => given[asked] ?? '', readFile: () => undefined }, 'push');
      return false;
    } catch {
      return true;
    }
  };
  expect(Object.keys(LEAST).filter(isNeeded)).toEqual(needed);
});

test('declares nothing as required: what is, has an alternative or depends on the command', () => {
  expect(Object.keys(action.inputs).filter((name) => action.inputs[name]?.required === true)).toEqual([]);
});

test('names every command where it describes them', () => {
  const { description = '' } = action.inputs['command'] ?? {};
  expect([...description.matchAll(/"([a-z-]+)"/g)].map(([, command]) => command)).toEqual(COMMANDS);
});

test.each([...Object.entries(action.inputs), ...Object.entries(action.outputs)])(
  'describes %s in sentences, under a kebab-case name',
  (name, { description }) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(description).toMatch(/^[A-Z].*\.$/);
  },
);

test('the README has the inputs of action.yml and their defaults, in three columns', () => {
  const cells = Object.entries(action.inputs).map(
    ([name, { default: value }]) => `\`${name}\` | ${value === undefined ? '' : `\`${value}\``}`,
  );
  const height = Math.ceil(cells.length / 3);
  const rows = Array.from({ length: height }, (_, row) =>
    [0, 1, 2].map((column) => cells[column * height + row] ?? ' | ').join(' | '),
  );
  const head = ['Input | Default', '--- | ---'].map((pair) => [pair, pair, pair].join(' | '));
  expect(region('inputs', readme)).toBe([...head, ...rows].map((row) => `| ${row} |`).join('\n'));
});

describe('docs/inputs.md', () => {
  test('has the inputs of action.yml', () => {
    const rows = Object.entries(action.inputs).map(
      ([name, { description, default: value, required }]) =>
        `| \`${name}\` | ${required === true ? 'required' : value === undefined ? '' : `\`${value}\``} | ${description} |`,
    );
    expect(region('inputs')).toBe(
      ['| Input | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n'),
    );
  });

  test('has the outputs of action.yml', () => {
    const rows = Object.entries(action.outputs).map(
      ([name, { description }]) => `| \`${name}\` | ${description} |`,
    );
    expect(region('outputs')).toBe(['| Output | Meaning |', '| --- | --- |', ...rows].join('\n'));
  });

  test('has inventories that can be read', () => {
    const [yaml = '', json = '', lines = ''] = [...docs.matchAll(/```(?:yaml|json|text)\n(.*?)```/gs)].map(
      ([, block = '']) => block,
    );
    expect(summary(yaml)).toEqual([
      'node1 root@10.0.0.11:22 10.0.0.11:2376 keys 0',
      'node2 deploy@node2.example.com:2222 10.0.0.12:2376 keys 2',
      'node3 root@2001:db8::13:22 2001:db8::13:12376 keys 1',
    ]);
    expect(summary(json)).toHaveLength(2);
    expect(summary(lines)).toEqual([
      'node1 root@10.0.0.11:22 10.0.0.11:2376 keys 0',
      'node2 deploy@node2.example.com:22 node2.example.com:2376 keys 0',
      'node3 root@2001:db8::13:2222 2001:db8::13:2376 keys 0',
    ]);
  });

  test('has every key of a node', () => {
    const unknown = parseInventory('[{ "?": x, name: a, host: b }]')
      .problems.map(({ hint }) => hint)
      .join();
    const keys = [...docs.matchAll(/^\| `([a-z-]+)` .*\| .* \|$/gm)].map(([, key]) => key);
    expect(unknown).toBe(`known are: ${keys.slice(keys.indexOf('name')).join(', ')}`);
  });
});

function region(name: string, text = docs): string {
  const found = new RegExp(`<!-- ${name}: [^\n]* -->\n(.*?)\n?<!-- /${name} -->`, 's').exec(text);
  return found?.[1] ?? '';
}

function summary(text: string): string[] {
  const { nodes, problems } = parseInventory(text);
  expect(problems).toEqual([]);
  return nodes.map(
    ({ name, ssh, address, enginePort, hostKeys }) =>
      `${name} ${ssh.user}@${ssh.host}:${ssh.port} ${address}:${enginePort} keys ${hostKeys.length}`,
  );
}
