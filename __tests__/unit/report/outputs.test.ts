import { beforeAll, expect, test } from '@jest/globals';
import type { NodeOutcome, RegistrationOutcome } from '../../../src/apply/outcome.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { writeOutputs } from '../../../src/report/outputs.ts';
import { parseEngines } from '../../../src/shipyard/engine-json.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { clientFor, daysFrom, newAuthority, nodeSpec, NOW, serverFor } from '../../support/fakes.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
const none: RegistrationOutcome = { kind: 'none' };
let authority: Authority;
let certificate: Certificate;

beforeAll(async () => {
  authority = await newAuthority();
  ({ certificate } = await serverFor(node1, authority));
});

test('nodes: what was done, why, and how long the certificate lives', () => {
  const outputs = write([
    { spec: node1, result: { kind: 'changed', reasons: ['san-changed'], certificate, lostContainers: [] } },
    { spec: node2, result: { kind: 'failed', error: new Error('no route') } },
  ]);
  expect(JSON.parse(outputs.get('nodes') ?? '')).toEqual([
    {
      name: 'node1',
      action: 'changed',
      reasons: ['san-changed'],
      serial: certificate.serial,
      'not-after': '2030-11-28T12:00:00.000Z',
      'days-left': 180,
      reachable: true,
    },
    { name: 'node2', action: 'failed', reasons: [], reachable: false },
  ]);
});

test('engines: each field of the list, by name, and no key in any output', async () => {
  const client = await clientFor('node1', authority);
  const row = {
    id: '632f66ff',
    ssl_cert: client.certificate.pem,
    ssl_key: client.key.reveal(),
    ca_cert: authority.generations[0].certificate.pem,
    engine: { id: 'node1', addr: 'https://10.0.0.11:2376', cpus: 2, memory: 2048, labels: ['node1'] },
    health: { status: 'up' },
    docker_version: '20.10.24',
  };
  const engines = parseEngines(JSON.stringify([row, { id: 'bare' }]));
  const outputs = write([], { kind: 'done', outcomes: [], engines });
  expect(JSON.parse(outputs.get('engines') ?? '')).toEqual([
    {
      id: 'bare',
      name: '',
      addr: '',
      cpus: 0,
      memory: 0,
      labels: [],
      health: 'unknown',
      'docker-version': '',
    },
    {
      id: '632f66ff',
      name: 'node1',
      addr: 'https://10.0.0.11:2376',
      cpus: 2,
      memory: 2048,
      labels: ['node1'],
      health: 'up',
      'docker-version': '20.10.24',
    },
  ]);
  const secret = client.key.reveal().split('\n')[1] ?? '';
  expect(secret).toMatch(/^[A-Za-z0-9+/]{64}$/);
  for (const value of outputs.values()) {
    expect(value).not.toContain('PRIVATE KEY');
    expect(value).not.toContain(secret);
  }
});

test.each([
  [
    'true',
    'a node was changed',
    () => write([{ spec: node1, result: { kind: 'changed', reasons: [], certificate, lostContainers: [] } }]),
  ],
  [
    'true',
    'a node was changed for a while',
    () =>
      write([
        {
          spec: node1,
          result: { kind: 'rolled-back', reasons: [], error: new Error('x'), lostContainers: [] },
        },
      ]),
  ],
  [
    'true',
    'a node has to undo a change by itself',
    () => write([{ spec: node1, result: { kind: 'left-to-undo', reasons: [], error: new Error('x') } }]),
  ],
  [
    'true',
    'a change could not be undone',
    () =>
      write([
        {
          spec: node1,
          result: { kind: 'undo-failed', reasons: [], error: new Error('x'), lostContainers: [] },
        },
      ]),
  ],
  [
    'true',
    'an engine was added but did not come up',
    () => write([], registered({ kind: 'incomplete', reasons: ['unregistered'], error: new Error('x') })),
  ],
  ['false', 'an engine was refused', () => write([], registered({ kind: 'failed', error: new Error('x') }))],
  ['true', 'an engine was changed', () => write([], registered({ kind: 'changed', reasons: ['duplicate'] }))],
  [
    'false',
    'all was as asked',
    () =>
      write([{ spec: node1, result: { kind: 'unchanged', certificate } }], registered({ kind: 'unchanged' })),
  ],
  [
    'false',
    'a node could not be read',
    () => write([{ spec: node1, result: { kind: 'failed', error: new Error('x') } }]),
  ],
  [
    'false',
    'a node was not begun',
    () => write([{ spec: node1, result: { kind: 'not-begun', reasons: ['missing'] } }]),
  ],
])('changed: %s when %s', (value, _, outputs) => {
  expect(outputs().get('changed')).toBe(value);
});

test('next-expiry: the certificate that ends first', async () => {
  const longer = (await serverFor(node2, authority, NOW, 400)).certificate;
  const shorter = (await serverFor(node1, authority, NOW, 30)).certificate;
  const unchanged = (spec: typeof node1, of: Certificate): NodeOutcome => ({
    spec,
    result: { kind: 'unchanged', certificate: of },
  });
  const outputs = write([unchanged(node2, longer), unchanged(node1, shorter)]);
  expect(outputs.get('next-expiry')).toBe(daysFrom(NOW, 30).toISOString());
});

test('next-expiry is empty, and engines a list, where there is nothing to tell', () => {
  const outputs = write([{ spec: node1, result: { kind: 'failed', error: new Error('x') } }]);
  expect([outputs.get('next-expiry'), outputs.get('engines')]).toEqual(['', '[]']);
});

function write(
  nodes: readonly NodeOutcome[],
  registration: RegistrationOutcome = none,
): ReadonlyMap<string, string> {
  const workflow = new FakeWorkflow();
  writeOutputs(workflow, { nodes, open: [node1], access: new Map(), registration }, NOW);
  return workflow.outputs;
}

type Done = Extract<RegistrationOutcome, { kind: 'done' }>;

function registered(result: Done['outcomes'][number]['result']): RegistrationOutcome {
  return { kind: 'done', outcomes: [{ spec: node1, result }], engines: [] };
}
