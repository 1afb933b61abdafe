import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { CertificatePolicy } from '../../../src/inputs/request.ts';
import type { InstalledSet } from '../../../src/node/facts.ts';
import { certificateReasons } from '../../../src/plan/certificate-reasons.ts';
import {
  clientFor,
  daysFrom,
  installedSet,
  newAuthority,
  nodeSpec,
  NOW,
  policy,
  serverFor,
} from '../../support/fakes.ts';

const spec = nodeSpec({ sans: ['node1.example.org', 'fd00::11'] });
let ours: Authority;
let theirs: Authority;
let server: Identity;
let set: InstalledSet;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([newAuthority(), newAuthority()]);
  server = await serverFor(spec, ours);
  set = installedSet(server, ours);
});

test('a certificate as asked has no reason, and is handed on', () => {
  const { reasons, installed } = judge();
  expect(reasons).toEqual([]);
  expect(installed?.serial).toBe(server.certificate.serial);
});

test('missing: there is no set, or none that can be read', () => {
  expect(judge({ installed: undefined })).toEqual({ reasons: ['missing'], installed: undefined });
  expect(judge({ installed: { ...set, certificate: 'garbage' } })).toEqual({
    reasons: ['missing'],
    installed: undefined,
  });
});

test.each<CertificatePolicy['forceRenew']>(['all', ['node2', 'node1']])('forced: %p', (forceRenew) => {
  expect(reasonsOf({ asked: { ...policy, forceRenew } })).toEqual(['forced']);
});

test('another node is forced, not this one', () => {
  expect(reasonsOf({ asked: { ...policy, forceRenew: ['node11'] } })).toEqual([]);
});

test('wrong-issuer and trust-changed: another CA made it', async () => {
  const foreign = installedSet(await serverFor(spec, theirs), theirs);
  expect(reasonsOf({ installed: foreign })).toEqual(['wrong-issuer', 'trust-changed']);
});

test('wrong-issuer: another CA of the same name made it', async () => {
  const twin = { ...(await serverFor(spec, theirs)) };
  expect(twin.certificate.issuer).toBe(server.certificate.issuer);
  expect(reasonsOf({ installed: { ...installedSet(twin, ours) } })).toEqual(['wrong-issuer']);
});

test('rotation: a generation that was given up made it', () => {
  const authority = { generations: [theirs.generations[0]], retired: ours.generations } as const;
  expect(reasonsOf({ authority })).toEqual(['rotation', 'trust-changed']);
});

describe('key-mismatch', () => {
  test('the key is of another certificate', async () => {
    const other = installedSet(await serverFor(spec, ours), ours);
    expect(reasonsOf({ installed: { ...set, publicKey: other.publicKey } })).toEqual(['key-mismatch']);
  });

  test('the key cannot be read', () => {
    expect(reasonsOf({ installed: { ...set, publicKey: 'garbage' } })).toEqual(['key-mismatch']);
  });

  test('is not said where the node has no openssl to tell', () => {
    expect(reasonsOf({ installed: { ...set, publicKey: undefined } })).toEqual([]);
  });
});

describe('san-changed', () => {
  test.each([
    ['a name more', { sans: [...spec.sans, 'node1'] }],
    ['a name less', { sans: ['node1.example.org'] }],
    ['another address', { address: '10.0.0.12' }],
  ])('%s', (_, fields) => {
    expect(reasonsOf({ asked: policy, node: { ...spec, ...fields } })).toEqual(['san-changed']);
  });

  test('is not said of another order or spelling', () => {
    const sans = ['FD00:0::11', 'Node1.example.org'];
    expect(reasonsOf({ node: { ...spec, sans } })).toEqual([]);
  });
});

describe('trust-changed', () => {
  test.each([
    ['a CA less', () => ''],
    ['a CA more', () => set.ca + theirs.generations[0].certificate.pem],
    ['another CA', () => theirs.generations[0].certificate.pem],
    [
      'a part that cannot be read',
      () => `${set.ca}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    ],
  ])('the bundle has %s', (_, bundle) => {
    expect(reasonsOf({ installed: { ...set, ca: bundle() } })).toEqual(['trust-changed']);
  });

  test('the authority has a new generation, but the certificate is still of ours', () => {
    const rotated: Authority = { generations: [theirs.generations[0], ours.generations[0]] };
    expect(reasonsOf({ authority: rotated })).toEqual(['trust-changed']);
  });

  test('is not said of another order', () => {
    const both: Authority = { generations: [theirs.generations[0], ours.generations[0]] };
    const [newest, older] = both.generations.map(({ certificate }) => certificate.pem);
    expect(
      reasonsOf({ authority: both, installed: { ...set, ca: `${older ?? ''}${newest ?? ''}` } }),
    ).toEqual([]);
  });
});

test('config-drift: others can read the key, so that it is replaced', () => {
  expect(reasonsOf({ installed: { ...set, private: false } })).toEqual(['config-drift']);
});

test.each([
  [{ percent: 40 }, 104, []],
  [{ percent: 40 }, 109, ['expiring']],
  [{ days: 30 }, 146, []],
  [{ days: 30 }, 151, ['expiring']],
  [{ days: 30 }, 180, ['expired']],
  [{ percent: 40 }, 400, ['expired']],
])('with renew-before %j, after %d of 180 days: %j', (renewBefore, days, expected) => {
  expect(reasonsOf({ asked: { ...policy, renewBefore }, now: daysFrom(NOW, days) })).toEqual(expected);
});

test('a client certificate in the place of the server certificate has the wrong names', async () => {
  const client = installedSet(await clientFor('node1', ours), ours);
  expect(reasonsOf({ installed: client })).toEqual(['san-changed']);
});

type Case = {
  readonly node?: typeof spec;
  readonly installed?: InstalledSet | undefined;
  readonly authority?: Authority;
  readonly asked?: CertificatePolicy;
  readonly now?: Date;
};

function judge(change: Case = {}) {
  const given = { node: spec, installed: set, authority: ours, asked: policy, now: NOW, ...change };
  return certificateReasons(given.node, given.installed, given.authority, given.asked, given.now);
}

function reasonsOf(change: Case = {}) {
  return judge(change).reasons;
}
