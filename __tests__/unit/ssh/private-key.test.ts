import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SshKeygen } from '../../support/ssh-keygen.ts';
import { DAMAGES, read } from './pasted-key.ts';

const PASSPHRASE = 'correct horse';
const keygen = new SshKeygen();
let ed25519: string;
let encrypted: string;
let pem: string;
let encryptedPem: string;

beforeAll(() => {
  ed25519 = keygen.create('', '-t', 'ed25519');
  encrypted = keygen.create(PASSPHRASE, '-t', 'ed25519');
  pem = keygen.create('', '-t', 'rsa', '-b', '1024', '-m', 'PEM');
  encryptedPem = keygen.create(PASSPHRASE, '-t', 'ecdsa', '-m', 'PEM');
});
afterAll(() => keygen.remove());

describe.each(DAMAGES)('%s', (_, damage) => {
  test.each([
    ['OpenSSH', () => ed25519, ''],
    ['OpenSSH, encrypted', () => encrypted, PASSPHRASE],
    ['PEM', () => pem, ''],
    ['PEM, encrypted', () => encryptedPem, PASSPHRASE],
  ])('%s: is read as the key that it was', (__, key, passphrase) => {
    const { keys, problems } = read(damage(key()), passphrase);
    expect(problems).toEqual([]);
    expect(keys.map((one) => keygen.publicHalf(one, passphrase))).toEqual([
      keygen.publicHalf(key(), passphrase),
    ]);
  });
});

test.each<[string, () => string, string]>([
  ['nothing', () => ' ', 'ssh-private-key: is not a private key'],
  ['a path', () => '~/.ssh/id_ed25519', 'ssh-private-key: is not a private key'],
  [
    'a public key',
    () => `${keygen.publicHalf(ed25519, '') ?? ''} me@home`,
    'ssh-private-key: is a public key',
  ],
  ['a public key in PEM', () => publicPem(), 'ssh-private-key: is a public key'],
  [
    'a public key in the format of RFC 4716',
    () => '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----',
    'ssh-private-key: is a public key',
  ],
  [
    'a certificate',
    () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'ssh-private-key: holds a certificate, which is no private key for SSH',
  ],
  [
    'a key of PuTTY',
    () => 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n',
    'ssh-private-key: is in the format of PuTTY',
  ],
  ['the first half', () => ed25519.slice(0, 200), 'ssh-private-key: is cut off: it has no END line'],
  ['the second half', () => ed25519.slice(200), 'ssh-private-key: is cut off: it has no BEGIN line'],
  [
    'a middle that is missing',
    () => ed25519.replace(/(\n.{20}).{40}/, '$1'),
    'ssh-private-key: is damaged or cut off inside',
  ],
  [
    'no BEGIN and END lines',
    () => ed25519.replaceAll(/-----.*-----\n/g, ''),
    'ssh-private-key: has lost its BEGIN and END lines',
  ],
  [
    'a DSA key',
    () => '-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----',
    'ssh-private-key: is a DSA key',
  ],
  ['a key for something else', () => pkcs8('x25519'), 'ssh-private-key: is a key of type x25519'],
  [
    'PKCS #8 that is damaged',
    () => pkcs8('ed25519').replace(/\n.{8}/, '\nAAAAAAAA'),
    'ssh-private-key: is damaged or cut off inside',
  ],
  [
    'an encrypted key',
    () => encrypted,
    'ssh-passphrase: the SSH key is encrypted and no passphrase is given',
  ],
  [
    'an encrypted key in PEM',
    () => encryptedPem,
    'ssh-passphrase: the SSH key is encrypted and no passphrase is given',
  ],
  [
    'an encrypted key in PKCS #8',
    () => keygen.create(PASSPHRASE, '-t', 'ecdsa', '-m', 'PKCS8'),
    'ssh-passphrase: the SSH key is encrypted and no passphrase is given',
  ],
])('%s is named', (_, key, problem) => {
  const { keys, problems } = read(key(), '');
  expect(problems).toEqual([problem]);
  expect(keys).toEqual([]);
});

test.each(['rsa', 'ec', 'ed25519'] as const)(
  'PKCS #8 of %s is converted to what SSH libraries read',
  (type) => {
    const key = pkcs8(type);
    const { keys, problems } = read(key, '');
    expect(problems).toEqual([]);
    expect(keys[0]).toMatch(/^-----BEGIN (RSA|EC|OPENSSH) PRIVATE KEY-----\n/);
    // ssh-keygen reads no Ed25519 in PKCS #8 itself.
    const expected = type === 'ed25519' ? sshPublic(key) : keygen.publicHalf(key, '');
    expect(keygen.publicHalf(keys[0] ?? '', '')).toBe(expected);
  },
);

describe('several keys', () => {
  test('are read in their order, with the public half of one among them', () => {
    const { keys, problems } = read(`${ed25519}${keygen.publicHalf(ed25519, '') ?? ''}\n${pem}\n`, '');
    expect(problems).toEqual([]);
    expect(keys.map((key) => keygen.publicHalf(key, ''))).toEqual([
      keygen.publicHalf(ed25519, ''),
      keygen.publicHalf(pem, ''),
    ]);
  });

  test('one that is broken is told by its place', () => {
    expect(read(`${pem}${encrypted}${publicPem()}`, '').problems).toEqual([
      'ssh-passphrase: key 2 of 3 is encrypted and no passphrase is given',
      'ssh-private-key: key 3 of 3 is a public key',
    ]);
    expect(read(`${pem.slice(0, 300)}\n${ed25519}`, '').problems).toEqual([
      'ssh-private-key: beside the keys that can be read there is one that is cut off: it has no END line',
    ]);
  });
});

function pkcs8(type: 'rsa' | 'ec' | 'ed25519' | 'x25519'): string {
  const algorithm = { rsa: 'RSA', ec: 'EC', ed25519: 'ED25519', x25519: 'X25519' }[type];
  const options: Readonly<Record<string, string>> = {
    rsa: 'rsa_keygen_bits:1024',
    ec: 'ec_paramgen_curve:P-384',
  };
  const extra = type in options ? ['-pkeyopt', options[type] ?? ''] : [];
  return execFileSync('openssl', ['genpkey', '-algorithm', algorithm, ...extra], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** `ssh-ed25519 base64`, of the 32 bytes at the end of what openssl writes of the public half. */
function sshPublic(key: string): string {
  const der = execFileSync('openssl', ['pkey', '-pubout', '-outform', 'DER'], { input: key });
  const head = Buffer.from('0000000b7373682d6564323535313900000020', 'hex');
  return `ssh-ed25519 ${Buffer.concat([head, der.subarray(-32)]).toString('base64')}`;
}

function publicPem(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
