import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeWitnesses } from '../../../src/apply/witnesses.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import type { PingResult, TlsPing } from '../../../src/ports/network.ts';
import type { Dialled } from '../../../src/ports/remote-host.ts';
import { directly, lookAtPort, prove, throughSsh, type Witnesses } from '../../../src/prove/proof.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';
import { newAuthority, nodeSpec, NOW, serverFor } from '../../support/fakes.ts';

type Who = 'ours' | 'nobody' | 'foreign';

const spec = nodeSpec();
const eof = 'Client network socket disconnected before secure TLS connection was established';
let authority: Authority;
let witnesses: Witnesses;
let served: Certificate;
let good: Readonly<Record<Who, PingResult>>;

beforeAll(async () => {
  authority = await newAuthority();
  witnesses = await makeWitnesses(authority, NOW);
  served = (await serverFor(spec, authority)).certificate;
  good = {
    ours: { kind: 'accepted', status: 200, served },
    nobody: { kind: 'refused', alert: 'certificate required', served },
    foreign: { kind: 'refused', alert: 'unknown CA', served },
  };
});

test('is given when ours is answered and the two others are refused', async () => {
  expect(await outcome({})).toEqual({ kind: 'proved', served });
});

test('each of the three goes to the node under its own name, and trusts our authority alone', async () => {
  const network = engine({});
  await prove(network, route, spec, authority, witnesses, served.serial);
  const trusted = trustedCertificates(authority);
  expect(network.pings).toEqual([
    { address: '10.0.0.11', identity: witnesses.ours[0], trusted, timeoutMs: 10_000 },
    { address: '10.0.0.11', trusted, timeoutMs: 10_000 },
    { address: '10.0.0.11', identity: witnesses.foreign[0], trusted, timeoutMs: 10_000 },
  ]);
});

describe('is not given when', () => {
  test.each<{ who: Who; answer: () => PingResult; reason: string }>([
    { who: 'ours', answer: () => failed(eof), reason: `the engine did not answer our client: ${eof}` },
    {
      who: 'ours',
      answer: () => failed('no answer within 10 s'),
      reason: 'the engine did not answer our client: no answer within 10 s',
    },
    {
      who: 'ours',
      answer: () => refused('unknown CA'),
      reason: 'the engine did not answer our client: it was refused: unknown CA',
    },
    { who: 'ours', answer: () => accepted(500), reason: '/_ping answered 500 instead of 200' },
    { who: 'ours', answer: () => accepted(404), reason: '/_ping answered 404 instead of 200' },
    {
      who: 'ours',
      answer: () => accepted(200, { ...served, serial: 'dead' }),
      reason: 'the engine serves certificate dead, expected SERIAL',
    },
    {
      who: 'ours',
      answer: () => ({ kind: 'accepted', status: 200, served: undefined }),
      reason: 'the engine serves certificate unknown, expected SERIAL',
    },
    {
      who: 'nobody',
      answer: () => failed(eof),
      reason: `a client without a certificate was not refused: ${eof}`,
    },
    {
      who: 'nobody',
      answer: () => failed('read ECONNRESET'),
      reason: 'a client without a certificate was not refused: read ECONNRESET',
    },
    {
      who: 'foreign',
      answer: () => failed('no answer within 10 s'),
      reason: 'a client of another CA was not refused: no answer within 10 s',
    },
  ])('$reason', async ({ who, answer, reason }) => {
    expect(await outcome({ [who]: answer() })).toEqual({
      kind: 'failed',
      reason: reason.replace('SERIAL', served.serial),
      final: false,
    });
  });

  // Waiting may help against all of the above, as an engine that starts does such things; not against this.
  test.each<Partial<Record<Who, () => PingResult>>>([
    { nobody: () => accepted(200) },
    { nobody: () => accepted(403) },
    { foreign: () => accepted(200) },
    { foreign: () => accepted(200), ours: () => failed(eof) },
  ])('the engine lets in whoever comes, and that is final', async (answers) => {
    const given = Object.entries(answers).map(([who, answer]) => [who, answer()] as const);
    expect(await outcome(Object.fromEntries(given))).toEqual({
      kind: 'failed',
      reason: 'the engine answered a client that must be refused',
      final: true,
    });
  });

  test.each<[Dialled, string]>([
    [{ kind: 'closed', reason: 'Connection refused' }, 'Connection refused'],
    [{ kind: 'unreachable', reason: 'no route to host' }, 'no route to host'],
    [{ kind: 'forbidden' }, 'the SSH server forwards nothing'],
  ])('nobody can connect: %j', async (dialled, reason) => {
    const away = () => Promise.resolve(dialled);
    expect(await prove(engine({}), away, spec, authority, witnesses, served.serial)).toEqual({
      kind: 'failed',
      reason: `the engine did not answer our client: ${reason}`,
      final: false,
    });
  });
});

describe('a look at the port', () => {
  test.each([
    ['a client is demanded', () => good.nobody, () => ({ certificate: served, demandsClient: true })],
    ['whoever comes is served', () => accepted(200), () => ({ certificate: served, demandsClient: false })],
    [
      'it is no TLS',
      () => failed('wrong version number'),
      () => ({ certificate: undefined, demandsClient: false }),
    ],
  ])('%s', async (_, answer, expected) => {
    expect(await lookAtPort(new FakeNetwork(answer), route, spec)).toEqual(expected());
  });

  test('takes any certificate and shows none', async () => {
    const network = new FakeNetwork(() => good.nobody);
    await lookAtPort(network, route, spec);
    expect(network.pings).toEqual([{ address: '10.0.0.11', timeoutMs: 10_000 }]);
  });
});

describe('the way to the port', () => {
  test.each([
    [nodeSpec(), ['127.0.0.1', 2376]],
    [nodeSpec({ listen: 'fd00::11', enginePort: 2476 }), ['fd00::11', 2476]],
  ])('through SSH ends at the address that the engine is bound to', async (asked, target) => {
    const dialled: unknown[][] = [];
    const host = new FakeHost();
    host.dial = (...args: unknown[]) => {
      dialled.push(args);
      return Promise.resolve(connected());
    };
    await throughSsh(host, asked)();
    expect(dialled).toEqual([target]);
  });

  test.each([
    ['answers', connected(), 'connected'],
    ['is closed as well', { kind: 'closed', reason: 'refused' } as const, 'closed'],
    ['cannot be reached', { kind: 'unreachable', reason: 'no route' } as const, 'closed'],
  ])('through SSH is the own address where the loopback is closed; if that %s', async (_, own, expected) => {
    const dialled: unknown[][] = [];
    const host = new FakeHost();
    Object.assign(host, {
      dial: (...args: unknown[]) => {
        dialled.push(args);
        return Promise.resolve(dialled.length === 1 ? { kind: 'closed', reason: 'refused' } : own);
      },
    });
    expect(await throughSsh(host, nodeSpec())()).toMatchObject({ kind: expected });
    expect(dialled).toEqual([
      ['127.0.0.1', 2376],
      ['10.0.0.11', 2376],
    ]);
  });

  test('from here is the address of the URL', async () => {
    const dialled: unknown[][] = [];
    const network = engine({});
    network.dial = (...args: unknown[]) => {
      dialled.push(args);
      return Promise.resolve(connected());
    };
    await directly(network, nodeSpec({ listen: '10.9.9.9' }))();
    expect(dialled).toEqual([['10.0.0.11', 2376, 10_000]]);
  });
});

const route = () => Promise.resolve(connected());

function accepted(status: number, seen = served): PingResult {
  return { kind: 'accepted', status, served: seen };
}

function refused(alert: string): PingResult {
  return { kind: 'refused', alert, served };
}

function failed(reason: string): PingResult {
  return { kind: 'failed', reason, served: undefined };
}

function engine(answers: Partial<Record<Who, PingResult>>): FakeNetwork {
  return new FakeNetwork((request) => ({ ...good, ...answers })[whoIs(request)]);
}

function whoIs({ identity }: TlsPing): Who {
  if (identity === undefined) return 'nobody';
  return identity === witnesses.ours[0] ? 'ours' : 'foreign';
}

function outcome(answers: Partial<Record<Who, PingResult>>) {
  return prove(engine(answers), route, spec, authority, witnesses, served.serial);
}
