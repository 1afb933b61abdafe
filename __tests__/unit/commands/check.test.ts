import { beforeAll, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { checkAuthority, checkNode } from '../../../src/check/verdict.ts';
import { lookAtNode, type PortSight } from '../../../src/check/port-sight.ts';
import { UnreachableError } from '../../../src/errors.ts';
import type { CheckPolicy } from '../../../src/inputs/request.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import type { PingResult } from '../../../src/ports/network.ts';
import type { Dialled } from '../../../src/ports/remote-host.ts';
import { Secret } from '../../../src/secret.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { parseKnownHosts } from '../../../src/ssh/known-hosts.ts';
import pLimit from 'p-limit';
import { FakeHost } from '../../support/fake-host.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, daysFrom, newAuthority, nodeSpec, NOW, serverFor } from '../../support/fakes.ts';

const spec = nodeSpec();
const ssh = { privateKeys: [new Secret('')], knownHosts: parseKnownHosts('').knownHosts, jumps: [] };
const closed: Dialled = { kind: 'closed', reason: 'connect ECONNREFUSED' };
let authority: Authority;
let server: Identity;
let client: Identity;
let policy: CheckPolicy;

beforeAll(async () => {
  authority = await newAuthority(daysFrom(NOW, -200));
  server = await serverFor(spec, authority);
  client = await clientFor('node1', authority, daysFrom(NOW, -160));
  policy = { warnBeforeDays: 30, failBeforeDays: 7, trusted: [authority.generations[0].certificate] };
});

test('a port that answers is read directly, also where there is a key for SSH', async () => {
  expect(await look({ dial: connected() })).toMatchObject({
    kind: 'served',
    way: 'direct',
    request: 'refused',
  });
});

test('a port that does not is read through SSH, over a connection that is closed again', async () => {
  const host = new FakeHost(undefined, connected);
  expect(await look({ dial: closed, host })).toMatchObject({ kind: 'served', way: 'ssh' });
  expect(host.isClosed).toBe(true);
});

test('where neither way leads to it, both reasons are told', async () => {
  expect(message(await look({ dial: closed, host: new FakeHost() }))).toBe(
    'unreachable: 10.0.0.11 port 2376: connect ECONNREFUSED; through SSH: nothing listens',
  );
  const error = new UnreachableError({ message: 'ssh: no answer', hint: 'look at the host' });
  const sight = await look({ dial: closed, host: error });
  expect(message(sight)).toBe(
    'unreachable: 10.0.0.11 port 2376: connect ECONNREFUSED; and through SSH it could not be read: ssh: no answer',
  );
  expect(sight).toMatchObject({ error: { hint: 'look at the host' } });
});

test('a connection that is reset is tried once more, since the alert may have been lost', async () => {
  const results: PingResult[] = [
    { kind: 'failed', reason: 'read ECONNRESET', served: server.certificate },
    { kind: 'refused', alert: 'bad certificate', served: server.certificate },
  ];
  expect(await look({ dial: connected(), results })).toMatchObject({ request: 'refused' });
});

test('a certificate lacks any name that the inventory has for the node', () => {
  const served = (sans: readonly string[], checking = policy) => {
    const { certificate } = server;
    const sight = { kind: 'served', way: 'direct', certificate, request: 'refused' } as const;
    return checkNode({ ...spec, sans }, sight, { kind: 'none' }, checking, NOW).findings;
  };
  expect(served(['10.0.0.11'])).toEqual([]);
  expect(served(['docker.example', '2001:db8::1'])).toMatchObject([
    {
      ...{ kind: 'wrong-name', isFatal: true, hint: expect.stringContaining('command apply') },
      message: 'the certificate is not for docker.example, 2001:db8::1, but for 10.0.0.11',
    },
  ]);
  expect(served(['docker.example'], { warnBeforeDays: 30, failBeforeDays: 7 })).toEqual([]);
});

test("Shipyard's client certificates are judged as well", () => {
  const served: PortSight = {
    kind: 'served',
    way: 'direct',
    certificate: server.certificate,
    request: 'refused',
  };
  const found = (...engines: readonly Engine[]) => {
    const node = checkNode(spec, served, shipyard(engines), policy, NOW);
    if (node.client.kind !== 'checked') throw new Error('it is checked');
    return node.client.findings.map(({ kind, isFatal }) => `${kind}${isFatal ? '!' : ''}`);
  };
  const engine = listed({ client: client.certificate, keyMatches: true });
  expect(found(engine)).toEqual(['expiring']);
  expect(found({ ...engine, keyMatches: false })).toEqual(['key-mismatch!', 'expiring']);
  expect(found({ ...engine, client: undefined })).toEqual(['missing!']);
  expect(found({ ...engine, client: server.certificate })).toEqual(['wrong-purpose!']);
  expect(found({ ...engine, addr: 'https://10.9.9.9:2376' })).toEqual(['unregistered']);
  expect(checkNode(spec, served, { kind: 'none' }, policy, NOW).client).toEqual({ kind: 'not-checked' });
});

test('the authority itself is judged, where anything that it issued was seen', () => {
  const served: PortSight = {
    kind: 'served',
    way: 'direct',
    certificate: server.certificate,
    request: 'refused',
  };
  const late = daysFrom(NOW, 3450 - 5);
  const node = checkNode(spec, served, { kind: 'none' }, policy, late);
  const kinds = (nodes: Parameters<typeof checkAuthority>[0], now: Date) =>
    checkAuthority(nodes, policy, now).map(({ kind, isFatal }) => [kind, isFatal]);
  expect(kinds([node], late)).toEqual([['expiring', true]]);
  const { keyId } = authority.generations[0].certificate;
  const [{ hint } = { hint: '' }] = checkAuthority([node], policy, late);
  expect(hint).toContain('run command: rotate-ca before it ends');
  expect(hint).toContain(`command: init-ca makes a new one with replace-ca: ${keyId}`);
  expect(kinds([node], NOW)).toEqual([]);
  expect(kinds([], late)).toEqual([]);
});

function shipyard(engines: readonly Engine[]): ObservedShipyard {
  return { kind: 'reached', engines } as ObservedShipyard;
}

function message(sight: PortSight): string | undefined {
  return sight.kind === 'unreachable' ? sight.error.message : undefined;
}

function look({
  dial,
  host = new FakeHost(),
  results = [],
}: {
  readonly dial: Dialled;
  readonly host?: FakeHost | Error;
  readonly results?: PingResult[];
}): Promise<PortSight> {
  const refused: PingResult = { kind: 'refused', alert: 'certificate required', served: server.certificate };
  const network = Object.assign(
    new FakeNetwork(
      () => results.shift() ?? refused,
      () => dial,
    ),
    {
      ssh: () => (host instanceof Error ? Promise.reject(host) : Promise.resolve(host)),
    },
  );
  return lookAtNode(network, spec, { ssh, connectTimeoutSeconds: 20 }, pLimit(1));
}
