import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seeded } from '../../support/seeded.ts';
import { SshKeygen } from '../../support/ssh-keygen.ts';
import { DAMAGES, read } from './pasted-key.ts';

const PASSPHRASE = 'correct horse';
const keygen = new SshKeygen();
let ed25519: string;
let encrypted: string;
let pem: string;
let encryptedPem: string;
let pkcs8: string;
let encryptedPkcs8: string;

beforeAll(() => {
  ed25519 = keygen.create('', '-t', 'ed25519');
  encrypted = keygen.create(PASSPHRASE, '-t', 'ed25519');
  pem = keygen.create('', '-t', 'rsa', '-b', '1024', '-m', 'PEM');
  encryptedPem = keygen.create(PASSPHRASE, '-t', 'ecdsa', '-m', 'PEM');
  pkcs8 = keygen.create('', '-t', 'ecdsa', '-m', 'PKCS8');
  encryptedPkcs8 = keygen.create(PASSPHRASE, '-t', 'rsa', '-b', '1024', '-m', 'PKCS8');
});
afterAll(() => keygen.remove());

test('whatever happens to a key: what ssh-keygen reads is read or named, and never another key', () => {
  const random = seeded(4711);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const changes: readonly ((key: string) => string)[] = [
    ...DAMAGES.map(([, damage]) => damage),
    (key) => key.slice(0, Math.floor(random() * key.length)),
    (key) => key.slice(Math.floor(random() * key.length)),
    (key) => replaceAt(key, random, 1, pick(['', 'A', '=', '-', '\n', '\\', '*', '\u0000', 'ä'])),
    (key) => replaceAt(key, random, Math.floor(random() * 60), ''),
    (key) => `${key}${pick(['garbage', ed25519, '# comment\n', '-----END X-----'])}`,
  ];
  let accepted = 0;
  for (let round = 0; round < 90; round++) {
    const key = pick([ed25519, encrypted, pem, encryptedPem, pkcs8, encryptedPkcs8]);
    const passphrase = [encrypted, encryptedPem, encryptedPkcs8].includes(key) ? PASSPHRASE : '';
    let changed = key;
    for (let times = pick([1, 1, 2, 3]); times > 0; times--) changed = pick(changes)(changed);
    const theirs = keygen.publicHalf(changed, passphrase);
    const { keys, problems } = read(changed, passphrase);
    expect({ changed, isTold: keys.length + problems.length > 0 }).toEqual({ changed, isTold: true });
    const [first] = keys;
    if (problems.length > 0 || first === undefined) continue;
    const ours = keygen.publicHalf(first, passphrase);
    if (ours !== undefined) accepted++;
    // What is damaged inside is found out when it is opened; what can be opened is what was there before.
    if (theirs !== undefined) expect({ changed, ours }).toEqual({ changed, ours: theirs });
    if (ours !== undefined)
      expect([keygen.publicHalf(key, passphrase), keygen.publicHalf(ed25519, '')]).toContain(ours);
  }
  // A reader that refuses everything would have told no wrong key either.
  expect(accepted).toBeGreaterThanOrEqual(30);
});

function replaceAt(key: string, random: () => number, length: number, text: string): string {
  const at = Math.floor(random() * key.length);
  return key.slice(0, at) + text + key.slice(at + length);
}
