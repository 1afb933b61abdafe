import { afterAll, describe, expect, test } from '@jest/globals';

import { bytesOf, decode, encode, integer, itemsOf } from '../../../src/authority/der.ts';
import { readPem, writePem } from '../../../src/authority/pem.ts';
import { importAuthority, restoreAuthority } from '../../../src/authority/restore.ts';
import { InputError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { opensslAuthority, pass, passphrase, rsa2048 } from './openssl-authority.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const rsa = opensslAuthority(openssl, 'rsa', rsa2048);
const p256 = opensslAuthority(openssl, 'p256');
const other = opensslAuthority(openssl, 'other');
const now = new Date();
const traditionalKey = openssl.run('rsa', '-traditional', '-in', 'rsa.key', '-aes256', ...pass);

describe('a bundle that is none', () => {
  test.each([
    ['a word', 'hunter2!'],
    ['base64 of a word', 'aHVudGVyMg=='],
    ['nothing', ''],
  ])('%s', (_, bundle) => {
    expect(refusal(() => restore(bundle))).toBe('ca: it is neither PEM text nor base64 of that');
  });

  test('one that is cut off', () => {
    expect(refusal(() => restore(p256.bundle.slice(0, -40)))).toBe(
      'ca: a PEM block in it is cut off or broken',
    );
  });
});

describe('a key that is not there, or not right', () => {
  test.each([
    ['no key', p256.certificate, 'ca: it holds no private key'],
    [
      "another CA's key",
      p256.certificate + other.encryptedKey,
      'ca: no private key in it belongs to the certificate CN=p256',
    ],
    [
      'a key of another kind',
      p256.certificate + rsa.encryptedKey,
      'ca: no private key in it belongs to the certificate CN=p256',
    ],
    [
      'one key too few',
      p256.bundle + other.certificate,
      'ca: no private key in it belongs to the certificate CN=other',
    ],
    ['a key in clear', p256.certificate + p256.key, 'ca: the private key in it is not encrypted'],
    [
      'a traditional key in clear',
      rsa.certificate + openssl.run('rsa', '-traditional', '-in', 'rsa.key'),
      'ca: the private key in it is not encrypted',
    ],
    [
      'one key of two in clear',
      p256.bundle + other.certificate + other.key,
      'ca: the private key in it is not encrypted',
    ],
    [
      'an SSH key',
      p256.certificate + writePem('OPENSSH PRIVATE KEY', Buffer.from('x')),
      'ca: it holds an SSH key',
    ],
    [
      'a damaged key',
      p256.certificate + writePem('ENCRYPTED PRIVATE KEY', Buffer.from('0')),
      unreadable('ca'),
    ],
    [
      'a cipher of the past',
      rsa.certificate + traditionalKey.replace('AES-256-CBC', 'DES-CBC'),
      unreadable('ca'),
    ],
  ])('%s', (_, bundle, message) => {
    expect(refusal(() => restore(bundle))).toBe(message);
  });

  test('a key that would take hours to open is not opened', () => {
    const rounds = withWork(openssl.run('pkey', '-in', 'p256.key', '-aes256', ...pass), 2 ** 31 - 1);
    const scrypt = withWork(openssl.run('pkcs8', '-topk8', '-in', 'p256.key', '-scrypt', ...pass), 2 ** 30);

    expect(refusal(() => restore(p256.certificate + rounds))).toBe(
      'ca: the private key in it takes 2147483647 rounds to open, more than the 10000000 that are allowed',
    );
    expect(refusal(() => restore(p256.certificate + scrypt))).toMatch(
      /takes 8589934592 scrypt blocks to open/,
    );
  });
});

test('a passphrase that does not fit', () => {
  const wrong = 'ca-passphrase: it does not open the private key in ca';

  // Garbage is padded well by chance once in some 256 times, and then decrypts without an error.
  for (let round = 0; round < 600; round += 1) {
    expect(refusal(() => restore(rsa.certificate + traditionalKey, `wrong ${round}`))).toBe(wrong);
  }
  expect(refusal(() => restore(rsa.bundle, 'wrong'))).toBe(wrong);
  expect(refusal(() => restore(rsa.bundle, ''))).toMatch(/^ca-passphrase: it has 0 bytes/);
  expect(refusal(() => restore(rsa.bundle, 'x'.repeat(1024)))).toMatch(/^ca-passphrase: it has 1024 bytes/);
});

describe('a certificate that is not that of an authority', () => {
  const made = (name: string, keyKind?: readonly string[], extensions?: string) =>
    opensslAuthority(openssl, name, keyKind, extensions).bundle;

  test.each([
    ['no certificate', p256.encryptedKey, 'ca: it holds no certificate'],
    [
      'a broken one',
      rsa.bundle + writePem('CERTIFICATE', Buffer.from('garbage')),
      'ca: certificate 2 in it cannot be read',
    ],
    [
      'a leaf',
      made('leaf', undefined, 'basicConstraints=CA:FALSE'),
      /^ca: the certificate CN=leaf is not that of a CA/,
    ],
    [
      'one that may not sign',
      made('mute', undefined, 'basicConstraints=CA:TRUE\nkeyUsage=cRLSign'),
      /^ca: the certificate CN=mute is not that of a CA/,
    ],
    ['an intermediate CA', intermediate(), 'ca: the CA CN=between is not self-signed'],
    [
      'RSA of 1024 bits',
      made('short', ['rsa', '-pkeyopt', 'rsa_keygen_bits:1024']),
      'ca: the CA CN=short has a key that is not supported: RSA 1024',
    ],
    [
      'Ed25519',
      made('edwards', ['ed25519']),
      'ca: the CA CN=edwards has a key that is not supported: ED25519',
    ],
    [
      'P-521',
      made('long', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521']),
      'ca: the CA CN=long has a key that is not supported: EC secp521r1',
    ],
  ])('%s', (_, bundle, message) => {
    expect(refusal(() => restore(bundle))).toMatch(message);
  });

  test('one that is out of its time', () => {
    expect(refusal(() => restore(p256.bundle, passphrase, '2099-01-01'))).toMatch(
      /^ca: the CA CN=p256 expired on 20/,
    );
    expect(refusal(() => restore(p256.bundle, passphrase, '2001-01-01'))).toMatch(
      /^ca: the CA CN=p256 is not valid before 20/,
    );
  });
});

test('on import, each input is named', () => {
  const take = (certificate: string, key: string, secret = passphrase) =>
    refusal(() => importAuthority(certificate, new Secret(key), new Secret(secret), now));

  expect(take('x!', p256.encryptedKey)).toMatch(/^ca-certificate: it is neither PEM/);
  expect(take(p256.encryptedKey, p256.encryptedKey)).toBe('ca-certificate: it holds no certificate');
  expect(take(p256.certificate, 'x!')).toMatch(/^ca-key: it is neither PEM/);
  expect(take(p256.certificate, p256.certificate)).toBe('ca-key: it holds no private key');
  expect(take(p256.certificate, p256.key)).toBe('ca-key: the private key in it is not encrypted');
  expect(take(p256.certificate, other.encryptedKey)).toMatch(/^ca-key: no private key in it belongs to/);
  expect(take(p256.certificate, p256.encryptedKey, 'wrong')).toBe(
    'ca-passphrase: it does not open the private key in ca-key',
  );
});

function restore(bundle: string, secret = passphrase, at?: string) {
  return restoreAuthority(new Secret(bundle), new Secret(secret), at === undefined ? now : new Date(at));
}

/** The message of the InputError that is thrown, which has a hint as well. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.hint).not.toBe('');
    return error.message;
  }
  throw new Error('nothing was refused');
}

function unreadable(input: string): string {
  return `${input}: the private key in it is damaged, or encrypted in a way that OpenSSL has given up`;
}

/** An encrypted key that asks for more rounds, or for a higher N, than openssl gave it. */
function withWork(pem: string, work: number): string {
  const key = decode(readPem(pem)?.[0]?.der ?? Buffer.of());
  const derivation = itemsOf(itemsOf(itemsOf(itemsOf(key)[0])[1])[0]);
  const parameters = derivation[1];
  const count = itemsOf(parameters)[1];
  if (count === undefined) throw new Error('openssl wrote something else');
  count.value = bytesOf(integer(work)).toString('latin1');
  return writePem('ENCRYPTED PRIVATE KEY', encode(key));
}

function intermediate(): string {
  const { encryptedKey } = opensslAuthority(openssl, 'between');
  openssl.write('between.ext', 'basicConstraints=critical,CA:TRUE');
  openssl.run('req', '-new', '-key', 'between.key', '-subj', '/CN=between', '-out', 'between.csr');
  const issuer = ['-CA', 'other.pem', '-CAkey', 'other.key', '-extfile', 'between.ext'];
  return openssl.run('x509', '-req', '-in', 'between.csr', ...issuer) + encryptedKey;
}
