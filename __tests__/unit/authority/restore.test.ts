import { afterAll, describe, expect, test } from '@jest/globals';

import { createAuthority } from '../../../src/authority/create.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { authorityBundle } from '../../../src/authority/seal.ts';
import { Secret } from '../../../src/secret.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { opensslAuthority, p384, pass, passphrase, rsa2048 } from './openssl-authority.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const authorities = {
  rsa: opensslAuthority(openssl, 'rsa', rsa2048),
  p256: opensslAuthority(openssl, 'p256'),
  p384: opensslAuthority(openssl, 'p384', p384),
};
const now = new Date();

describe('a key in any form that openssl writes restores, and issues', () => {
  const traditional = (...cipher: readonly string[]) => ['rsa', '-traditional', ...cipher];
  const pkcs8 = (...scheme: readonly string[]) => ['pkcs8', '-topk8', ...scheme];
  const pbes2 = (cipher: string, hash: string) => pkcs8('-v2', cipher, '-v2prf', hash);

  test.each([
    ['genrsa -aes256 of 1.x: traditional', 'rsa', traditional('-aes256')],
    ['traditional with AES-128', 'rsa', traditional('-aes128')],
    ['traditional with 3DES', 'rsa', traditional('-des3')],
    ['traditional EC', 'p256', ['ec', '-aes256']],
    ['genrsa -aes256 of 3.x: PKCS#8', 'rsa', ['rsa', '-aes256']],
    ['genpkey -aes256 of an EC key', 'p256', ['pkey', '-aes256']],
    ['genpkey -aes256 of a P-384 key', 'p384', ['pkey', '-aes256']],
    ['PBES2 of 1.0: SHA-1', 'rsa', pbes2('aes-256-cbc', 'hmacWithSHA1')],
    ['PBES2 with 3DES', 'rsa', pbes2('des3', 'hmacWithSHA1')],
    ['PBES2 with SHA-512', 'p256', pbes2('aes-256-cbc', 'hmacWithSHA512')],
    ['PBES2 with many rounds', 'rsa', pkcs8('-v2', 'aes-256-cbc', '-iter', '600000')],
    ['PBES2 with scrypt', 'p256', pkcs8('-scrypt')],
    ['PKCS#8 of old: PBE-SHA1-3DES', 'rsa', pkcs8('-v1', 'PBE-SHA1-3DES')],
  ] as const)('%s', async (_, name, command) => {
    const { certificate: ca } = authorities[name];
    const authority = restore(ca + openssl.run(...command, '-in', `${name}.key`, ...pass));
    const policy = { algorithm: 'ecdsa-p256', lifetime: { days: 10 }, now } as const;
    const { certificate } = await issueIdentity(authority, { kind: 'client', name: 'node1' }, policy);

    expect(authority.generations.map(({ number }) => number)).toEqual([0]);
    expect(openssl.verify({ leaf: certificate.pem, ca, purpose: 'sslclient' })).toBe('OK');
  });
});

test('keys and certificates may come in any order, and more than once', () => {
  const { rsa, p256 } = authorities;
  const subjects = (...parts: readonly string[]) =>
    restore(parts.join('')).generations.map(({ certificate }) => certificate.subject);

  expect(subjects(rsa.bundle, p256.bundle)).toEqual(['CN=rsa', 'CN=p256']);
  expect(subjects(p256.encryptedKey, rsa.encryptedKey, rsa.certificate, p256.certificate)).toEqual([
    'CN=rsa',
    'CN=p256',
  ]);
  expect(subjects(p256.bundle, rsa.bundle, p256.bundle)).toEqual(['CN=p256', 'CN=rsa']);
});

test('the generation that the subjects tell is what makes a CA newer, not its place', async () => {
  const [created, secret] = [
    await createAuthority({ algorithm: 'ecdsa-p256', days: 9, now }),
    new Secret(passphrase),
  ];
  const authority = restore(authorities.p256.bundle + (await authorityBundle(created, secret)));

  expect(authority.generations.map(({ number }) => number)).toEqual([1, 0]);
});

test('an older generation that has expired is kept', async () => {
  const secret = new Secret(passphrase);
  const created = await createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now });
  const bundle = new Secret(authorities.p256.bundle + (await authorityBundle(created, secret)));
  const nextYear = new Date(now.getTime() + 365 * 24 * 60 * 60 * 1000);
  const [newest, older] = restoreAuthority(bundle, secret, nextYear).generations;

  expect(newest.certificate.notAfter > nextYear).toBe(true);
  expect(older && older.certificate.notAfter < nextYear).toBe(true);
});

test('the text may have CRLF, blanks, words around it, or be base64', () => {
  const { bundle, certificate } = authorities.p256;
  const base64 = Buffer.from(bundle).toString('base64');
  const traditional = openssl.run('ec', '-in', 'p256.key', '-aes256', ...pass);
  const forms = [
    bundle.replaceAll('\n', '\r\n'),
    bundle.replaceAll(/^/gm, '   '),
    `\n\nour CA\n${bundle}\nkeep it safe\n`,
    base64,
    ` ${base64}\r\n`,
    base64.replaceAll(/.{76}/g, '$&\n'),
    Buffer.from(bundle.replaceAll('\n', '\r\n')).toString('base64'),
    (certificate + traditional).replaceAll('\n', ' \r\n'),
    `${openssl.run('x509', '-in', 'p256.pem', '-text')}\n${traditional}`,
  ];

  for (const form of forms) expect(restore(form).generations[0].certificate.subject).toBe('CN=p256');
});

function restore(bundle: string) {
  return restoreAuthority(new Secret(bundle), new Secret(passphrase), now);
}
