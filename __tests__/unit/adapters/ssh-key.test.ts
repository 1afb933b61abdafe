import { afterAll, describe, expect, test } from '@jest/globals';
import { checkPrivateKeys, openKeys } from '../../../src/adapters/ssh-key.ts';
import { InputError } from '../../../src/errors.ts';
import { readPrivateKeys } from '../../../src/ssh/private-key.ts';
import { Secret } from '../../../src/secret.ts';
import { request } from '../../support/fakes.ts';
import { SshKeygen } from '../../support/ssh-keygen.ts';

const PASSPHRASE = 'pa ss"wörd';
const keygen = new SshKeygen();
afterAll(() => keygen.remove());

const KINDS = [
  ['ed25519', []],
  // As often as by default.
  ['ed25519', ['-a', '16']],
  ['ecdsa', ['-b', '256']],
  ['ecdsa', ['-b', '384']],
  ['ecdsa', ['-b', '521']],
  ['rsa', ['-b', '1024']],
  ['rsa', ['-b', '1024', '-m', 'PEM']],
  ['rsa', ['-b', '1024', '-m', 'PKCS8']],
  ['ecdsa', ['-m', 'PEM']],
  ['ecdsa', ['-m', 'PKCS8']],
  ['ecdsa', ['-b', '521', '-m', 'PKCS8']],
] as const;

describe.each(KINDS)('ssh-keygen -t %s %j', (kind, options) => {
  test.each([[''], [PASSPHRASE]])(
    'is opened, and is the key that ssh-keygen sees (passphrase "%s")',
    (passphrase) => {
      const key = keygen.create(passphrase, '-t', kind, ...options);
      expect(publicHalves(key, passphrase)).toEqual([keygen.publicHalf(key, passphrase)]);
    },
  );

  test('a wrong passphrase is told', () => {
    expect(problemsOf(keygen.create(PASSPHRASE, '-t', kind, ...options), 'other')).toEqual([
      'ssh-passphrase: the SSH key is not opened by this passphrase',
    ]);
  });

  test('a passphrase that nobody asked for does no harm', () => {
    expect(problemsOf(keygen.create('', '-t', kind, ...options), 'needless')).toEqual([]);
  });
});

test('several keys keep their order, and the passphrase is for those that are encrypted', () => {
  const keys = [
    keygen.create(PASSPHRASE, '-t', 'ed25519'),
    keygen.create('', '-t', 'rsa', '-b', '1024', '-m', 'PEM'),
    keygen.create(PASSPHRASE, '-t', 'ecdsa', '-m', 'PKCS8'),
  ];
  expect(publicHalves(keys.join(''), PASSPHRASE)).toEqual([
    keygen.publicHalf(keys[0] ?? '', PASSPHRASE),
    keygen.publicHalf(keys[1] ?? '', ''),
    keygen.publicHalf(keys[2] ?? '', PASSPHRASE),
  ]);
});

test('of several keys it is told which one cannot be opened', () => {
  const [one, two] = [keygen.create(PASSPHRASE, '-t', 'ed25519'), keygen.create('other', '-t', 'ed25519')];
  expect(problemsOf(one + two, PASSPHRASE)).toEqual([
    'ssh-passphrase: key 2 of 2 is not opened by this passphrase',
  ]);
});

test('no word of a key is in an error', () => {
  const key = keygen.create('', '-t', 'rsa', '-b', '1024', '-m', 'PEM');
  const broken = key.replace(/(\n.{20}).{8}/, '$1AAAAAAAA');
  const lines = broken.split('\n').slice(1, -2);
  const told = JSON.stringify(problemsOf(broken, ''));
  for (const line of lines) expect(told).not.toContain(line.slice(10, 30));
});

function publicHalves(pasted: string, passphrase: string): string[] {
  return openKeys(credentials(pasted, passphrase)).map(
    (key) => `${key.type} ${key.getPublicSSH().toString('base64')}`,
  );
}

function problemsOf(pasted: string, passphrase: string): string[] {
  try {
    checkPrivateKeys(credentials(pasted, passphrase));
    return [];
  } catch (error) {
    if (error instanceof InputError)
      return error.problems.map(({ input, message }) => `${input}: ${message}`);
    throw error;
  }
}

function credentials(pasted: string, passphrase: string) {
  const secret = passphrase === '' ? undefined : new Secret(passphrase);
  const { keys, problems } = readPrivateKeys(new Secret(pasted), secret);
  if (problems.length > 0) throw new InputError(problems);
  return { ...request().ssh, privateKeys: keys, ...(secret && { passphrase: secret }) };
}
