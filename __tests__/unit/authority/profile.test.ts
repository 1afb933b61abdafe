import { afterAll, expect, test } from '@jest/globals';

import { createAuthority } from '../../../src/authority/create.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { OpenSsl } from '../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const now = new Date();
const policy = { algorithm: 'ecdsa-p256', lifetime: { days: 180 }, now } as const;
const authority = createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now });

test('a CA signs certificates and nothing else, and there is no CA below it', async () => {
  const [{ certificate }] = (await authority).generations;

  expect(shown(certificate, { [certificate.keyId]: 'KEY' })).toEqual([
    'subject=O = shipyard-cluster, CN = Docker TLS CA (generation 1)',
    'issuer=O = shipyard-cluster, CN = Docker TLS CA (generation 1)',
    'X509v3 Basic Constraints: critical',
    'CA:TRUE, pathlen:0',
    'X509v3 Key Usage: critical',
    'Certificate Sign, CRL Sign',
    'X509v3 Subject Key Identifier:',
    'KEY',
  ]);
});

test('a server certificate is for servers alone', async () => {
  const [ca] = (await authority).generations;
  const request = {
    kind: 'server',
    name: 'node_1',
    sans: ['node1.example.org', 'fd00::11', '10.0.0.11'],
  } as const;
  const { certificate } = await issueIdentity(await authority, request, policy);

  expect(shown(certificate, { [certificate.keyId]: 'KEY', [ca.certificate.keyId]: 'CA KEY' })).toEqual([
    'subject=CN = node_1',
    'issuer=O = shipyard-cluster, CN = Docker TLS CA (generation 1)',
    'X509v3 Basic Constraints: critical',
    'CA:FALSE',
    'X509v3 Key Usage: critical',
    'Digital Signature',
    'X509v3 Subject Key Identifier:',
    'KEY',
    'X509v3 Authority Key Identifier:',
    'CA KEY',
    'X509v3 Extended Key Usage:',
    'TLS Web Server Authentication',
    'X509v3 Subject Alternative Name:',
    'DNS:node1.example.org, IP Address:FD00:0:0:0:0:0:0:11, IP Address:10.0.0.11',
  ]);
});

test('a client certificate is for clients alone', async () => {
  const [ca] = (await authority).generations;
  const { certificate } = await issueIdentity(await authority, { kind: 'client', name: 'node_1' }, policy);

  expect(shown(certificate, { [certificate.keyId]: 'KEY', [ca.certificate.keyId]: 'CA KEY' })).toEqual([
    'subject=CN = shipyard@node_1',
    'issuer=O = shipyard-cluster, CN = Docker TLS CA (generation 1)',
    'X509v3 Basic Constraints: critical',
    'CA:FALSE',
    'X509v3 Key Usage: critical',
    'Digital Signature',
    'X509v3 Subject Key Identifier:',
    'KEY',
    'X509v3 Authority Key Identifier:',
    'CA KEY',
    'X509v3 Extended Key Usage:',
    'TLS Web Client Authentication',
  ]);
});

test('the key id is the SHA-1 of the public key, as openssl computes it', async () => {
  const [{ certificate, key }] = (await authority).generations;
  openssl.write('ca.key', key.export({ type: 'pkcs8', format: 'pem' }).toString());
  const request = ['req', '-new', '-x509', '-key', 'ca.key', '-subj', '/CN=x', '-extensions', 'x'];
  openssl.write('req.cnf', '[req]\ndistinguished_name=dn\n[dn]\n[x]\nsubjectKeyIdentifier=hash\n');
  openssl.run(...request, '-config', 'req.cnf', '-out', 'hashed.pem');
  const printed = openssl.run('x509', '-in', 'hashed.pem', '-noout', '-ext', 'subjectKeyIdentifier');

  expect(printed.replace(/[:\s]/g, '').toLowerCase()).toContain(certificate.keyId);
});

test('the certificate is of version 3, signed with SHA-256, and its names are UTF-8', async () => {
  const { certificate } = await issueIdentity(await authority, { kind: 'client', name: 'node_1' }, policy);
  const file = openssl.write('leaf.pem', certificate.pem);

  expect(openssl.run('x509', '-in', file, '-noout', '-text')).toContain('Version: 3 (0x2)');
  const structure = openssl.run('asn1parse', '-in', file);
  expect(structure.match(/(UTF8|PRINTABLE)STRING +:.*/g)).toEqual([
    'UTF8STRING        :shipyard-cluster',
    'UTF8STRING        :Docker TLS CA (generation 1)',
    'UTF8STRING        :shipyard@node_1',
  ]);
  expect(structure.match(/ecdsa-with-SHA\d+/g)).toEqual(['ecdsa-with-SHA256', 'ecdsa-with-SHA256']);
});

/** The lines that openssl prints for a certificate's names and extensions, with key ids replaced by words. */
function shown({ pem }: Certificate, keys: Readonly<Record<string, string>>): readonly string[] {
  const file = openssl.write('shown.pem', pem);
  const options = ['-noout', '-subject', '-issuer', '-ext'];
  const extensions =
    'basicConstraints,keyUsage,extendedKeyUsage,subjectKeyIdentifier,authorityKeyIdentifier,subjectAltName';
  return openssl
    .run('x509', '-in', file, ...options, extensions)
    .replace(/(?:[0-9A-F]{2}:){19}[0-9A-F]{2}/g, (id) => keys[id.replaceAll(':', '').toLowerCase()] ?? id)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
