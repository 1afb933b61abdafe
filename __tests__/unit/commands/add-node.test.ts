import { describe, expect, test } from '@jest/globals';
import { addNode } from '../../../src/commands/add-node.ts';
import { InputError } from '../../../src/errors.ts';
import { readInputs } from '../../../src/inputs/read-inputs.ts';
import type { AddNodeRequest } from '../../../src/inputs/request.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { readRequest } from '../../support/inputs.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdNX9uurOuRy5Xb5mBueHz1Aeu7qNqEbtY7GR7MrJkL';
const FILE = '# ours\nnodes:\n  - name: node1 # the first\n    host: 10.0.0.11\n';
const NODE = { name: 'node4', host: '10.0.0.14', 'host-keys': KEY, labels: ['ssd'] };

function request(node: unknown, file: string | undefined = FILE): AddNodeRequest {
  const inputs: Readonly<Record<string, string>> = {
    command: 'add-node',
    'nodes-file': 'nodes.yml',
    node: typeof node === 'string' ? node : JSON.stringify(node),
  };
  const read = readInputs(
    {
      input: (name) => inputs[name] ?? '',
      readFile: (path) => (path === 'nodes.yml' ? file : undefined),
    },
    'push',
  );
  if (read.command !== 'add-node') throw new Error('this is a request to add a node');
  return read;
}

function problems(node: unknown, file?: string): readonly string[] {
  try {
    request(node, file);
  } catch (error) {
    if (error instanceof InputError)
      return error.problems.map(({ input, message }) => `${input}: ${message}`);
    throw error;
  }
  return [];
}

async function written(asked: AddNodeRequest) {
  const workflow = new FakeWorkflow();
  const files: Record<string, string> = {};
  const workspace = {
    writeFile: (path: string, text: string) => Promise.resolve(void (files[path] = text)),
  };
  await addNode({ workflow, workspace }, asked);
  return { files, changed: workflow.outputs.get('changed') };
}

const ADDED = `${FILE}  - name: node4\n    host: 10.0.0.14\n    host-keys: ${KEY}\n    labels:\n      - ssd\n`;

test('writes the entry into the file and leaves the rest as it is', async () => {
  expect(await written(request(NODE))).toMatchObject({
    files: { 'nodes.yml': ADDED },
    changed: 'true',
  });
});

test('takes an entry in YAML as well', () => {
  const yaml = `name: node4\nhost: 10.0.0.14\nhost-keys: ${KEY}\nlabels: [ssd]\n`;
  expect(request(yaml).text).toBe(ADDED);
});

test('writes nothing for an entry that is there just so', async () => {
  expect(await written(request(NODE, ADDED))).toMatchObject({ files: {}, changed: 'false' });
});

describe('refuses, and names the input,', () => {
  test.each([
    ['no entry', '', FILE, 'node: is empty, and command add-node needs the entry that it is to add'],
    ['a list', [NODE], FILE, 'node: is not one entry'],
    [
      'an entry without host keys',
      { name: 'b', host: 'h' },
      FILE,
      'node: has no host-keys, and a host whose key is not known is never logged in to',
    ],
    ['a host that cannot be', { ...NODE, host: 'a b' }, FILE, 'node: host (node4): '],
    ['a field that nobody knows', { ...NODE, color: 'red' }, FILE, 'node: '],
    [
      'the name of another node',
      { ...NODE, name: 'node1' },
      FILE,
      'node: node1 is in the inventory already, with other values',
    ],
    [
      'the host of another node',
      { ...NODE, host: '10.0.0.11' },
      FILE,
      'node: address (node4): 10.0.0.11:2376 is also the engine of nodes[0] (node1, line 3)',
    ],
    ['a command in a name', { ...NODE, name: 'a$(reboot)' }, FILE, 'node: name'],
    ['a file that is none', NODE, 'nodes: {', 'nodes-file: '],
    [
      'a file in short lines',
      NODE,
      'node1=10.0.0.11\n',
      'nodes-file: the inventory "nodes.yml" is written in short lines, which have no place for host keys',
    ],
  ])('%s', (_, node, file, message) => {
    expect(problems(node, file)).toEqual([expect.stringContaining(message)]);
  });

  test('a file that is not there', () => {
    const inputs: Readonly<Record<string, string>> = {
      command: 'add-node',
      'nodes-file': 'nodes.yml',
      node: JSON.stringify(NODE),
    };
    expect(() => readRequest(inputs)).toThrow('nodes-file: there is no file "nodes.yml" in the workspace');
  });
});
