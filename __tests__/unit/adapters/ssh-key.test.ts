import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkPrivateKey } from '../../../src/adapters/ssh-key.ts';
import { InputError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import { parseKnownHosts } from '../../../src/ssh/known-hosts.ts';

const PASSPHRASE = 'pa ss"wörd';
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ssh-key-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const KINDS = [
  ['ed25519', []],
  ['ecdsa', ['-b', '256']],
  ['ecdsa', ['-b', '521']],
  ['rsa', ['-b', '1024']],
  ['rsa', ['-b', '1024', '-m', 'PEM']],
  ['ecdsa', ['-m', 'PEM']],
] as const;

describe.each(KINDS)('ssh-keygen -t %s %j', (kind, options) => {
  test('is taken', () => {
    expect(problemOf(keygen('', '-t', kind, ...options))).toBeUndefined();
  });

  test('is taken with its passphrase', () => {
    expect(problemOf(keygen(PASSPHRASE, '-t', kind, ...options), PASSPHRASE)).toBeUndefined();
  });

  test('is asked for its passphrase', () => {
    expect(problemOf(keygen(PASSPHRASE, '-t', kind, ...options))).toEqual({
      input: 'ssh-passphrase',
      message: 'the SSH key is encrypted and no passphrase is given',
      hint: 'set ssh-passphrase to the secret that holds it',
    });
  });
});

test('a wrong passphrase is told', () => {
  expect(problemOf(keygen(PASSPHRASE, '-t', 'ed25519'), 'other')).toMatchObject({
    input: 'ssh-passphrase',
    message: 'this passphrase does not open ssh-private-key',
  });
});

test('a passphrase that nobody asked for does no harm', () => {
  expect(problemOf(keygen('', '-t', 'ed25519'), 'needless')).toBeUndefined();
});

test('line ends of Windows, and no line end at all, do no harm', () => {
  const key = keygen('', '-t', 'ed25519');
  expect(problemOf(key.replaceAll('\n', '\r\n'))).toBeUndefined();
  expect(problemOf(key.trim())).toBeUndefined();
});

describe('is no private key', () => {
  test('the public half', () => {
    keygen('', '-t', 'ed25519');
    expect(problemOf(readFileSync(join(directory, 'key.pub'), 'utf8'))).toMatchObject({
      input: 'ssh-private-key',
      message: 'this is a public key',
    });
  });

  test.each([
    ['nothing', () => ''],
    ['a path', () => '~/.ssh/id_ed25519'],
    ['a key in one line', () => keygen('', '-t', 'ed25519').replaceAll('\n', ' ')],
    ['a key with written line ends', () => keygen('', '-t', 'ed25519').replaceAll('\n', '\\n')],
    ['half a key', () => keygen('', '-t', 'rsa', '-b', '1024').slice(0, 500)],
  ])('%s', (_, key) => {
    expect(problemOf(key())).toMatchObject({
      input: 'ssh-private-key',
      message: 'this is not a private key that can be used',
    });
  });
});

test('no word of a key is in an error', () => {
  const key = keygen('', '-t', 'ed25519').replaceAll('\n', ' ');
  expect(JSON.stringify(problemOf(key))).not.toContain(key.slice(60, 80));
});

/** Makes a key, and returns what ssh-keygen wrote. */
function keygen(passphrase: string, ...options: readonly string[]): string {
  const file = join(directory, 'key');
  rmSync(file, { force: true });
  execFileSync('ssh-keygen', ['-q', '-N', passphrase, '-f', file, ...options]);
  return readFileSync(file, 'utf8');
}

function problemOf(key: string, passphrase?: string) {
  try {
    checkPrivateKey({
      privateKey: new Secret(key),
      knownHosts: parseKnownHosts('').knownHosts,
      jumps: [],
      ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }),
    });
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.problems[0];
    throw error;
  }
}
