import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Certificate } from '../../../src/authority/certificate.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { observeAgain, observeNode } from '../../../src/observe/observe-node.ts';
import type { Dialled } from '../../../src/ports/remote-host.ts';
import { factsText } from '../../support/facts-text.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';
import {
  DEBIAN_SOCKET,
  DEBIAN_UNIT,
  newAuthority,
  nodeFacts,
  nodeSpec,
  request,
  serverFor,
} from '../../support/fakes.ts';

const spec = nodeSpec();
const { ssh: credentials } = request();
const closed: Dialled = { kind: 'closed', reason: 'Connection refused' };
let certificate: Certificate;

beforeAll(async () => {
  ({ certificate } = await serverFor(spec, await newAuthority()));
});

test('a node is read over one connection, with its facts and what its port serves', async () => {
  const { network, host } = node(connected);
  expect(await observeNode(network, spec, credentials, request().rollout)).toMatchObject({
    kind: 'reached',
    spec,
    observation: { facts: readable(), served: { certificate, demandsClient: true } },
  });
  expect(host.scripts).toHaveLength(1);
  expect(host.isClosed).toBe(false);
});

test('facts of a node of all kinds survive the way', async () => {
  const facts = readable({
    engine: { version: '29.0.0', cpus: 4, memoryBytes: 1, liveRestore: true, swarm: true },
    runningContainers: ['web', 'db'],
    daemonConfig: '{}',
    transaction: 'undoing',
    origin: '{}',
    installed: { id: 'ab12', ca: 'CA', certificate: 'C', publicKey: 'K', private: true },
  });
  const { network } = node(connected, factsText(facts));
  expect(await observeNode(network, spec, credentials, request().rollout)).toMatchObject({
    observation: { facts },
  });
});

test('a node that was read is read again over the same connection, within the time of one command', async () => {
  const texts = [factsText(nodeFacts()), factsText(nodeFacts({ origin: '{}' }))];
  const { network, host } = node(connected, ...texts);
  const limits = { ...request().rollout, commandTimeoutSeconds: 7 };
  const seen = await observeNode(network, spec, credentials, limits);
  if (seen.kind === 'unreachable') throw seen.error;
  expect(await observeAgain(network, seen, limits)).toMatchObject({
    host: seen.host,
    observation: { facts: { origin: '{}' }, served: { certificate } },
  });
  expect(host.scripts.map(({ timeoutMs }) => timeoutMs)).toEqual([7000, 7000]);
});

describe('a node cannot be read', () => {
  test('when the login fails', async () => {
    const { network } = node(connected);
    const error = new Error('no route to host');
    network.ssh = () => Promise.reject(error);
    expect(await observeNode(network, spec, credentials, request().rollout)).toEqual({
      kind: 'unreachable',
      spec,
      error,
    });
  });

  test('when it is no node; the connection is closed then', async () => {
    const { network, host } = node(connected, 'Welcome!\n');
    expect(await observeNode(network, spec, credentials, request().rollout)).toMatchObject({
      kind: 'unreachable',
      error: { name: 'ActionError' },
    });
    expect(host.isClosed).toBe(true);
  });

  test('when neither way leads to its engine port', async () => {
    const { network } = node(() => ({ kind: 'forbidden' }), factsText(nodeFacts()));
    network.dial = () => Promise.resolve({ kind: 'unreachable', reason: 'no answer' });
    expect(await observeNode(network, spec, credentials, request().rollout)).toMatchObject({
      kind: 'unreachable',
      error: { message: expect.stringContaining('10.0.0.11 port 2376 cannot be reached from the runner') },
    });
  });
});

test.each<[string, Dialled['kind'], number]>([
  ['through SSH, where that is allowed', 'closed', 0],
  ['directly, where it is not', 'forbidden', 1],
])('the engine port is reached %s', async (_, kind, direct) => {
  const { network } = node(() => (kind === 'forbidden' ? { kind } : closed));
  let dialled = 0;
  network.dial = () => {
    dialled += 1;
    return Promise.resolve(closed);
  };
  const seen = await observeNode(network, spec, credentials, request().rollout);
  if (seen.kind === 'unreachable') throw seen.error;
  dialled = 0;
  expect(await seen.route()).toEqual(closed);
  expect(dialled).toBe(direct);
});

/** Facts as they are read: without line ends at the end of texts. */
function readable(fields: Partial<NodeFacts> = {}): NodeFacts {
  return nodeFacts({ unit: DEBIAN_UNIT.trimEnd(), socketUnit: DEBIAN_SOCKET.trimEnd(), ...fields });
}

/** A node that prints these texts when it is read, the last one for good, and a network in which only it is. */
function node(dial: () => Dialled, ...texts: string[]) {
  const left = texts.length > 0 ? texts : [factsText(nodeFacts())];
  const host = new FakeHost(() => ({ stdout: (left.length > 1 ? left.shift() : left[0]) ?? '' }), dial);
  const network = new FakeNetwork(() => ({
    kind: 'refused',
    alert: 'certificate required',
    served: certificate,
  }));
  network.ssh = () => Promise.resolve(host);
  return { network, host };
}
