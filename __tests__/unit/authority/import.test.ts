import { afterAll, expect, test } from '@jest/globals';

import { authorityOf, newestAlone } from '../../../src/authority/authority.ts';
import { readCertificate } from '../../../src/authority/certificate.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { importAuthority, restoreAuthority } from '../../../src/authority/restore.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { addGeneration, createAuthority } from '../../../src/authority/create.ts';
import { authorityBundle } from '../../../src/authority/seal.ts';
import { Secret } from '../../../src/secret.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { pass, passphrase } from './openssl-authority.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const secret = new Secret(passphrase);
const policy = () => ({ algorithm: 'ecdsa-p256', lifetime: { days: 10 }, now: new Date() }) as const;

test('the CA of a guide of 2015: SHA-1, no key usage, a traditional key', async () => {
  openssl.run('genrsa', '-traditional', '-aes256', ...pass, '-out', 'ca-key.pem', '2048');
  openssl.write('guide.cnf', guideConfig);
  const key = ['-key', 'ca-key.pem', '-passin', `pass:${passphrase}`];
  openssl.run(
    'req',
    '-x509',
    '-new',
    '-sha1',
    ...key,
    '-days',
    '3650',
    '-subj',
    '/CN=docker',
    '-config',
    'guide.cnf',
    '-out',
    'ca.pem',
  );
  openssl.run('req', '-new', ...key, '-subj', '/CN=node1', '-out', 'node1.csr');
  openssl.run(
    'x509',
    '-req',
    '-in',
    'node1.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca-key.pem',
    '-passin',
    `pass:${passphrase}`,
    '-out',
    'node1.pem',
  );
  const authority = importAuthority(
    openssl.read('ca.pem'),
    new Secret(openssl.read('ca-key.pem')),
    secret,
    new Date(),
  );
  const { certificate } = await issueIdentity(
    authority,
    { kind: 'server', name: 'node1', sans: ['node1'] },
    policy(),
  );
  openssl.write('leaf.pem', certificate.pem);
  const guideLeaf = readCertificate(openssl.read('node1.pem'));

  expect(authority.generations.map(({ number }) => number)).toEqual([0]);
  expect(openssl.run('verify', '-CAfile', 'ca.pem', '-purpose', 'sslserver', 'leaf.pem')).toBe(
    'leaf.pem: OK\n',
  );
  expect(guideLeaf && authorityOf(authority, guideLeaf)).toBe(authority.generations[0]);
});

test.each([
  ['PrintableString', 'MASK:0x2', 'Our office'],
  ['T61String', 'MASK:0x4', 'Unser Büro'],
  ['BMPString', 'MASK:0x800', 'Unser Büro 例え'],
  ['UTF8String', 'utf8only', 'Unser Büro 例え'],
])('the issuer is the subject of the CA byte for byte, also as %s', async (type, mask, commonName) => {
  openssl.write(
    'names.cnf',
    `[req]\nstring_mask=${mask}\ndistinguished_name=dn\n[dn]\n[v3]\n${strictExtensions}`,
  );
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', 'names.key', ...pass];
  const names = ['-utf8', '-config', 'names.cnf', '-extensions', 'v3', '-subj', `/CN=${commonName}/DC=x`];
  openssl.run('req', '-x509', ...key, ...names, '-out', 'names.pem');
  const ca = openssl.read('names.pem');
  const authority = importAuthority(ca, new Secret(openssl.read('names.key')), secret, new Date());
  const { certificate } = await issueIdentity(authority, { kind: 'client', name: 'node1' }, policy());
  const bytes = (file: string, part: string) =>
    openssl
      .run('x509', '-in', file, '-noout', part, '-nameopt', 'dump_all,dump_der,oid')
      .split('=')
      .slice(1)
      .join('=');

  expect(openssl.run('asn1parse', '-in', 'names.pem')).toContain(type.toUpperCase());
  expect(openssl.verify({ leaf: certificate.pem, ca, purpose: 'sslclient' })).toBe('OK');
  expect(bytes('verify-leaf.pem', '-issuer')).toBe(bytes('names.pem', '-subject'));
});

test('an authority that was imported is generation 0 also after it was sealed', async () => {
  const ca = openssl.read('names.pem');
  const authority = importAuthority(ca, new Secret(openssl.read('names.key')), secret, new Date());
  const restored = restoreAuthority(new Secret(await sealAuthority(authority, secret)), secret, new Date());

  expect(restored.generations.map(({ number, certificate }) => [number, certificate.pem])).toEqual([[0, ca]]);
});

test('a generation is added to an imported one: it is the first of ours, and both are kept', async () => {
  const ca = openssl.read('names.pem');
  const imported = importAuthority(ca, new Secret(openssl.read('names.key')), secret, new Date());
  const before = await issueIdentity(imported, { kind: 'client', name: 'node1' }, policy());
  const rotated = await addGeneration(imported, { algorithm: 'ecdsa-p256', days: 20, now: new Date() });
  const kept = restoreAuthority(new Secret(await sealAuthority(rotated, secret)), secret, new Date());
  const after = await issueIdentity(kept, { kind: 'client', name: 'node1' }, policy());

  expect(kept.generations.map(({ number }) => number)).toEqual([1, 0]);
  const [{ certificate: newest }, older] = kept.generations;
  expect(newest.subject).toBe('O=shipyard-cluster, CN=Docker TLS CA (generation 1)');
  expect(older?.certificate.pem).toBe(ca);
  expect(openssl.verify({ leaf: after.certificate.pem, ca: newest.pem, purpose: 'sslclient' })).toBe('OK');
  expect(openssl.verify({ leaf: before.certificate.pem, ca, purpose: 'sslclient' })).toBe('OK');
  expect(authorityOf(kept, before.certificate)).toBe(older);
  // At the end of the rotation the imported one is gone from what is kept.
  const end = restoreAuthority(
    new Secret(await sealAuthority(newestAlone(kept), secret)),
    secret,
    new Date(),
  );
  expect(end.generations.map(({ certificate }) => certificate.pem)).toEqual([newest.pem]);
});

test('one of ours that is imported keeps its number', async () => {
  const created = await createAuthority({ algorithm: 'ecdsa-p256', days: 10, now: new Date() });
  const bundle = await authorityBundle(created, secret);

  expect(importAuthority(bundle, new Secret(bundle), secret, new Date()).generations[0].number).toBe(1);
});

const guideConfig = `[req]
distinguished_name=dn
x509_extensions=v3_ca
[dn]
[v3_ca]
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always,issuer
basicConstraints=CA:true
`;

const strictExtensions = `subjectKeyIdentifier=hash
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
`;
