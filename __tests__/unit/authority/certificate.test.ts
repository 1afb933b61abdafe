import { afterAll, describe, expect, test } from '@jest/globals';

import {
  type Certificate,
  readCertificate,
  readCertificates,
  wasIssuedBy,
} from '../../../src/authority/certificate.ts';
import { writePem } from '../../../src/authority/pem.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { opensslAuthority, p256, rsa2048 } from './openssl-authority.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const sans =
  'subjectAltName=DNS:Node1.Example.org,IP:10.0.0.11,IP:fd00:0:0:0::11,email:a@b.org,URI:http://x,DNS:node1';

describe.each([
  ['RSA', rsa2048],
  ['P-256', p256],
  ['P-521', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521']],
  ['Ed25519', ['ed25519']],
])('a certificate with an %s key', (name, keyKind) => {
  const { certificate: pem } = opensslAuthority(
    openssl,
    name,
    keyKind,
    `${sans}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always`,
  );
  const shown = (...options: readonly string[]) =>
    openssl.run('x509', '-in', `${name}.pem`, '-noout', ...options).trim();

  test('says what openssl reads in it', () => {
    const certificate = read(pem);

    expect(`serial=${certificate.serial.toUpperCase()}`).toBe(shown('-serial'));
    expect(`sha256 Fingerprint=${certificate.fingerprint256}`).toBe(shown('-fingerprint', '-sha256'));
    expect(certificate.subject).toBe(`CN=${name}`);
    expect(certificate.issuer).toBe(`CN=${name}`);
    expect(shown('-startdate')).toBe(`notBefore=${opensslDate(certificate.notBefore)}`);
    expect(shown('-enddate')).toBe(`notAfter=${opensslDate(certificate.notAfter)}`);
    expect(hexOf(shown('-ext', 'subjectKeyIdentifier'))).toBe(certificate.keyId);
    expect(hexOf(shown('-ext', 'authorityKeyIdentifier'))).toBe(certificate.issuerKeyId);
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(`${shown('-pubkey')}\n`);
    expect(certificate.sans).toEqual({ dns: ['node1.example.org', 'node1'], ips: ['10.0.0.11', 'fd00::11'] });
    expect(certificate.isCa).toBe(false);
  });

  test('reads the same from PEM text and from DER bytes', () => {
    const certificate = read(pem);
    const der = Buffer.from(
      openssl.run('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`) +
        openssl.run('base64', '-in', `${name}.der`),
      'base64',
    );

    expect(facts(read(der))).toEqual(facts(certificate));
    expect(facts(read(certificate.pem))).toEqual(facts(certificate));
  });

  test('is its own issuer, and not that of others', () => {
    const certificate = read(pem);
    const namesake = read(opensslAuthority(openssl, name, keyKind).certificate);

    expect(wasIssuedBy(certificate, certificate)).toBe(true);
    expect(wasIssuedBy(certificate, namesake)).toBe(false);
  });
});

test.each([
  ['10', '0a'],
  ['0x80', '80'],
  ['0x00ff', 'ff'],
  ['0x0123456789abcdef', '0123456789abcdef'],
  ['-10', '-0a'],
])('the serial number %s is %s, as openssl prints it', (serial, expected) => {
  const pem = withSerial(serial);

  expect(read(pem).serial).toBe(expected);
  expect(openssl.run('x509', '-in', 'serial.pem', '-noout', '-serial').trim()).toBe(
    `serial=${expected.toUpperCase()}`,
  );
});

test('a forger who takes the name and the key id of a CA is not taken for it', () => {
  const ca = read(opensslAuthority(openssl, 'twin').certificate);
  const extensions = `basicConstraints=CA:TRUE\nkeyUsage=keyCertSign\nsubjectKeyIdentifier=${ca.keyId}\nauthorityKeyIdentifier=keyid:always`;
  const forger = read(opensslAuthority(openssl, 'twin', p256, extensions).certificate);

  expect(forger).toMatchObject({ subject: ca.subject, keyId: ca.keyId, issuerKeyId: ca.keyId });
  expect(wasIssuedBy(forger, forger)).toBe(true);
  expect(wasIssuedBy(forger, ca)).toBe(false);
});

test('names keep their order, and what has a meaning in them is escaped', () => {
  const subject = '/O=Example\\, Inc./O=second/CN=bücher = gut';
  openssl.run(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'x.key',
    '-utf8',
    '-subj',
    subject,
    '-out',
    'x.pem',
  );

  expect(read(openssl.read('x.pem')).subject).toBe('O=Example\\, Inc., O=second, CN=bücher = gut');
});

test('a certificate without extensions has the id of its key, and no names', () => {
  const bare = read(opensslAuthority(openssl, 'bare', p256, '').certificate);
  const { certificate } = opensslAuthority(openssl, 'full', p256, 'subjectKeyIdentifier=hash');
  openssl.write('bare.cnf', '[req]\ndistinguished_name=dn\n[dn]\n[extensions]\nsubjectKeyIdentifier=hash\n');
  openssl.run(
    'req',
    '-x509',
    '-new',
    '-key',
    'bare.key',
    '-config',
    'bare.cnf',
    '-extensions',
    'extensions',
    '-subj',
    '/',
    '-out',
    'bare.pem',
  );
  const hashed = read(openssl.read('bare.pem'));

  expect(bare).toMatchObject({ keyId: hashed.keyId, sans: { dns: [], ips: [] }, isCa: false });
  expect(bare).not.toHaveProperty('issuerKeyId');
  expect(hashed.subject).toBe('');
  expect(read(certificate).keyId).not.toBe(hashed.keyId);
});

test('what is no certificate is undefined', () => {
  const { certificate, key } = opensslAuthority(openssl, 'some', p256);
  const garbage = [
    '',
    'hunter2',
    key,
    certificate.slice(0, 200),
    certificate.replace(/\n[^-\n]{64}\n/, '\n'),
    writePem('CERTIFICATE', Buffer.alloc(0)),
    writePem('CERTIFICATE', Buffer.from('3000', 'hex')),
  ];

  for (const text of garbage) expect(readCertificate(text)).toBeUndefined();
  for (const bytes of garbage) expect(readCertificate(Buffer.from(bytes))).toBeUndefined();
});

test('a bundle is read whole, or not at all', () => {
  const [one, two] = [
    opensslAuthority(openssl, 'one').certificate,
    opensslAuthority(openssl, 'two').certificate,
  ];
  const subjects = (bundle: string) => readCertificates(bundle)?.map(({ subject }) => subject);

  expect(subjects(one + two)).toEqual(['CN=one', 'CN=two']);
  expect(subjects(`CA one\r\n${one}\r\nCA two\r\n${two.replaceAll('\n', '\r\n')}`)).toEqual([
    'CN=one',
    'CN=two',
  ]);
  expect(subjects('')).toEqual([]);
  expect(subjects(one + writePem('CERTIFICATE', Buffer.from('garbage')) + two)).toBeUndefined();
  expect(subjects(one + two.slice(0, -30))).toBeUndefined();
});

function read(source: string | Buffer): Certificate {
  const certificate = readCertificate(source);
  if (certificate === undefined) throw new Error('the certificate cannot be read');
  return certificate;
}

/** All but the key, which is compared by the PEM. */
function facts(certificate: Certificate) {
  return { ...certificate, publicKey: undefined };
}

/** As `Nov  2 09:26:00 2026 GMT`. */
function opensslDate(date: Date): string {
  const [, day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ');
  return `${month} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`;
}

function hexOf(extension: string): string {
  return (/([0-9A-F]{2}:){19}[0-9A-F]{2}/.exec(extension)?.[0] ?? '').replaceAll(':', '').toLowerCase();
}

function withSerial(serial: string): string {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'serial.key'];
  openssl.run('req', '-x509', ...key, '-subj', '/CN=x', '-set_serial', serial, '-out', 'serial.pem');
  return openssl.read('serial.pem');
}
