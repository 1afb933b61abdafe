import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { readPem } from '../../../src/authority/pem.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { authorityBundle, sealAuthority } from '../../../src/authority/seal.ts';
import { InputError } from '../../../src/errors.ts';
import type { KeyAlgorithm } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { OpenSsl } from '../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const now = new Date();
const passphrase = new Secret('naïve pässphrase');
let authority: Authority;

beforeAll(async () => {
  const [newest, older] = await Promise.all([made('ecdsa-p256'), made('rsa-2048')]);
  authority = { generations: [newest, older] };
});

test('openssl opens each key with the passphrase alone, and finds the certificate that belongs to it', async () => {
  const blocks = readPem(await authorityBundle(authority, passphrase)) ?? [];
  expect(blocks.map(({ label }) => label)).toEqual([
    'CERTIFICATE',
    'ENCRYPTED PRIVATE KEY',
    'CERTIFICATE',
    'ENCRYPTED PRIVATE KEY',
  ]);

  for (const [index, { certificate }] of authority.generations.entries()) {
    openssl.write('certificate.pem', blocks[2 * index]?.text ?? '');
    openssl.write('key.pem', blocks[2 * index + 1]?.text ?? '');
    const open = (secret: string) =>
      openssl.try('pkey', '-in', 'key.pem', '-pubout', '-passin', `pass:${secret}`);

    expect(openssl.read('certificate.pem')).toBe(certificate.pem);
    expect(open(passphrase.reveal()).stdout).toBe(
      openssl.run('x509', '-in', 'certificate.pem', '-noout', '-pubkey'),
    );
    expect(open('wrong').status).not.toBe(0);
  }
});

test('the key is encrypted with 600 000 rounds of PBKDF2 and AES-256, each time with another salt', async () => {
  const [first, second] = [await keyStructure(), await keyStructure()];

  expect(first.replaceAll(/:[0-9A-F]{32,}/g, ':BYTES')).toBe(
    [
      'SEQUENCE',
      'SEQUENCE',
      'OBJECT :PBES2',
      'SEQUENCE',
      'SEQUENCE',
      'OBJECT :PBKDF2',
      'SEQUENCE',
      'OCTET STRING [HEX DUMP]:BYTES',
      'INTEGER :0927C0',
      'SEQUENCE',
      'OBJECT :hmacWithSHA256',
      'NULL',
      'SEQUENCE',
      'OBJECT :aes-256-cbc',
      'OCTET STRING [HEX DUMP]:BYTES',
      'OCTET STRING [HEX DUMP]:BYTES',
    ].join('\n'),
  );
  const [salt, otherSalt] = [first, second].map((structure) => /:([0-9A-F]{32})\n/.exec(structure)?.[1]);
  expect(salt).toHaveLength(32);
  expect(otherSalt).not.toBe(salt);
});

test('a sealed authority is one base64 line, and restores as it was', async () => {
  const sealed = await sealAuthority(authority, passphrase);
  const restored = restoreAuthority(new Secret(sealed), passphrase, now);

  expect(sealed).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  expect(restored.generations.map(({ number, certificate }) => [number, certificate.pem])).toEqual(
    authority.generations.map(({ number, certificate }) => [number, certificate.pem]),
  );
  expect(restored.generations.map(({ key }, index) => authority.generations[index]?.key.equals(key))).toEqual(
    [true, true],
  );
});

test('a passphrase that openssl could not be given is refused', async () => {
  await expect(sealAuthority(authority, new Secret(''))).rejects.toThrow(InputError);
  await expect(sealAuthority(authority, new Secret('é'.repeat(512)))).rejects.toThrow(/it has 1024 bytes/);

  const longest = new Secret(`e${'é'.repeat(511)}`);
  openssl.write('key.pem', readPem(await authorityBundle(authority, longest))?.[1]?.text ?? '');
  openssl.write('passphrase', longest.reveal());
  expect(openssl.run('pkey', '-in', 'key.pem', '-passin', 'file:passphrase', '-noout')).toBe('');
});

async function made(algorithm: KeyAlgorithm) {
  return (await createAuthority({ algorithm, days: 3650, now })).generations[0];
}

/** The newest generation's key as openssl parses it: one value a line, without offsets and lengths. */
async function keyStructure(): Promise<string> {
  openssl.write('key.pem', readPem(await authorityBundle(authority, passphrase))?.[1]?.text ?? '');
  return openssl
    .run('asn1parse', '-in', 'key.pem')
    .split('\n')
    .map((line) =>
      line
        .replace(/^.*(?:cons|prim): /, '')
        .replaceAll(/ +/g, ' ')
        .replace(/ $/, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}
