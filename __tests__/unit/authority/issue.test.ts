import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { type Authority, authorityOf, trustedCertificates } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { type Identity, type IdentityRequest, issueIdentity } from '../../../src/authority/issue.ts';
import { ActionError } from '../../../src/errors.ts';
import type { KeyAlgorithm } from '../../../src/inputs/request.ts';
import { OpenSsl } from '../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const now = new Date();
const hour = 60 * 60 * 1000;
const day = 24 * hour;
const nodeNames = ['node1.example.org', '10.0.0.11', 'fd00::11'];
const server: IdentityRequest = { kind: 'server', name: 'node1', sans: nodeNames };
const client: IdentityRequest = { kind: 'client', name: 'node1' };

describe.each<KeyAlgorithm>(['ecdsa-p256', 'rsa-2048', 'rsa-3072'])('with %s', (algorithm) => {
  let ca: string;
  let serverIdentity: Identity;
  let clientIdentity: Identity;

  beforeAll(async () => {
    const authority = await createAuthority({ algorithm, days: 3650, now });
    ca = authority.generations[0].certificate.pem;
    serverIdentity = await issue(authority, server, algorithm);
    clientIdentity = await issue(authority, client, algorithm);
  });

  test('openssl accepts a server certificate for its host name and addresses, and for no other', () => {
    const verify = (...name: readonly string[]) =>
      openssl.verify({ leaf: serverIdentity.certificate.pem, ca, purpose: 'sslserver', name });

    expect(verify('-verify_hostname', 'node1.example.org')).toBe('OK');
    expect(verify('-verify_ip', '10.0.0.11')).toBe('OK');
    expect(verify('-verify_ip', 'fd00:0:0::11')).toBe('OK');
    expect(verify('-verify_hostname', 'node2.example.org')).toBe('hostname mismatch');
    expect(verify('-verify_ip', '10.0.0.12')).toBe('IP address mismatch');
    expect(verify('-verify_ip', 'fd00::12')).toBe('IP address mismatch');
  });

  test('openssl accepts each certificate for its own purpose alone', () => {
    const verify = ({ certificate }: Identity, purpose: 'sslserver' | 'sslclient') =>
      openssl.verify({ leaf: certificate.pem, ca, purpose });

    expect(verify(serverIdentity, 'sslserver')).toBe('OK');
    expect(verify(serverIdentity, 'sslclient')).toMatch(/purpose/);
    expect(verify(clientIdentity, 'sslclient')).toBe('OK');
    expect(verify(clientIdentity, 'sslserver')).toMatch(/purpose/);
  });

  test('openssl reads the key, which is not encrypted and belongs to the certificate', () => {
    const key = openssl.write('leaf.key', serverIdentity.key.reveal());
    const certificate = openssl.write('leaf.pem', serverIdentity.certificate.pem);

    expect(serverIdentity.key.reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(openssl.run('pkey', '-in', key, '-pubout')).toBe(
      openssl.run('x509', '-in', certificate, '-noout', '-pubkey'),
    );
  });
});

test('each identity has a key and a serial number of its own', async () => {
  const authority = await newAuthority();
  const identities = await Promise.all([1, 2, 3].map(() => issue(authority, client)));

  expect(new Set(identities.map(({ certificate }) => certificate.keyId)).size).toBe(3);
  expect(new Set(identities.map(({ certificate }) => certificate.serial)).size).toBe(3);
  for (const { certificate } of identities) expect(certificate.serial).toMatch(/^[4-7][0-9a-f]{31}$/);
});

test('a certificate of another authority is refused, though the names are the same', async () => {
  const [ours, theirs] = await Promise.all([newAuthority(), newAuthority()]);
  const { certificate } = await issue(ours, client);
  const verify = ({ generations }: Authority) =>
    openssl.verify({ leaf: certificate.pem, ca: generations[0].certificate.pem, purpose: 'sslclient' });

  expect(verify(ours)).toBe('OK');
  expect(verify(theirs)).toBe('unable to get local issuer certificate');
  expect(authorityOf(ours, certificate)).toBe(ours.generations[0]);
  expect(authorityOf(theirs, certificate)).toBeUndefined();
});

test('a certificate belongs to the generation that signed it, and whoever trusts all takes it', async () => {
  const [older, newer] = await Promise.all([newAuthority(), newAuthority()]);
  const both: Authority = { generations: [...newer.generations, ...older.generations] };
  const { certificate } = await issue(older, client);
  const ca = trustedCertificates(both)
    .map(({ pem }) => pem)
    .join('');

  expect(authorityOf(both, certificate)).toBe(older.generations[0]);
  expect(openssl.verify({ leaf: certificate.pem, ca, purpose: 'sslclient' })).toBe('OK');
});

test('what the key of a leaf signs is refused, even where that leaf itself is trusted', async () => {
  const authority = await newAuthority();
  const leaf = await issue(authority, server);
  openssl.write('leaf.pem', leaf.certificate.pem);
  openssl.write('leaf.key', leaf.key.reveal());
  openssl.write('client.cnf', 'extendedKeyUsage=clientAuth\nauthorityKeyIdentifier=keyid');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'own.key'];
  openssl.run('req', '-new', ...key, '-subj', '/CN=mine', '-out', 'own.csr');
  const issuer = ['-CA', 'leaf.pem', '-CAkey', 'leaf.key', '-days', '1', '-extfile', 'client.cnf'];
  openssl.run('x509', '-req', '-in', 'own.csr', ...issuer, '-out', 'own.pem');

  const ca = authority.generations[0].certificate.pem + leaf.certificate.pem;
  expect(openssl.verify({ leaf: openssl.read('own.pem'), ca, purpose: 'sslclient' })).toBe(
    'invalid CA certificate',
  );
});

test('a leaf begins an hour early and lives as long as was asked', async () => {
  const authority = await createAuthority({
    algorithm: 'ecdsa-p256',
    days: 3650,
    now: new Date('2026-01-01T00:00:00Z'),
  });
  const at = new Date('2049-12-31T12:00:00.750Z');
  const long = await createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now: at });
  const dates = async (lifetime: { readonly days: number } | { readonly minutes: number }) => {
    const { certificate } = await issueIdentity(long, client, { algorithm: 'ecdsa-p256', lifetime, now: at });
    return [certificate.notBefore.toISOString(), certificate.notAfter.toISOString()];
  };

  expect(authority.generations[0].certificate.notBefore.toISOString()).toBe('2025-12-31T23:00:00.000Z');
  expect(authority.generations[0].certificate.notAfter.toISOString()).toBe('2035-12-30T00:00:00.000Z');
  // UTCTime ends with 2049: the second date is a GeneralizedTime.
  expect(await dates({ days: 1 })).toEqual(['2049-12-31T11:00:00.000Z', '2050-01-01T12:00:00.000Z']);
  expect(await dates({ minutes: 5 })).toEqual(['2049-12-31T11:00:00.000Z', '2049-12-31T12:05:00.000Z']);
});

test('a leaf never outlives its CA', async () => {
  const authority = await createAuthority({ algorithm: 'ecdsa-p256', days: 100, now });
  const ca = authority.generations[0].certificate;
  const lifetimeOf = async (issuedAt: Date) => {
    const policy = { algorithm: 'ecdsa-p256', lifetime: { days: 180 }, now: issuedAt } as const;
    return (await issueIdentity(authority, client, policy)).certificate;
  };

  expect((await lifetimeOf(now)).notAfter).toEqual(ca.notAfter);
  const lastDay = await lifetimeOf(new Date(ca.notAfter.getTime() - day));
  expect(lastDay.notAfter).toEqual(ca.notAfter);
  expect(lastDay.notBefore).toEqual(new Date(ca.notAfter.getTime() - day - hour));
  await expect(lifetimeOf(new Date(ca.notAfter.getTime() + 1000))).rejects.toThrow(ActionError);
  await expect(lifetimeOf(new Date(ca.notBefore.getTime() - 1000))).rejects.toThrow(/can issue nothing now/);
});

test('a server certificate without a name is refused', async () => {
  const authority = await newAuthority();

  await expect(issue(authority, { kind: 'server', name: 'node1', sans: [] })).rejects.toThrow(ActionError);
});

function newAuthority(): Promise<Authority> {
  return createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now });
}

function issue(authority: Authority, request: IdentityRequest, algorithm: KeyAlgorithm = 'ecdsa-p256') {
  return issueIdentity(authority, request, { algorithm, lifetime: { days: 180 }, now });
}
