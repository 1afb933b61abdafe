import { afterAll, expect, test } from '@jest/globals';

import { readCertificate, readCertificates } from '../../../src/authority/certificate.ts';
import { writePem, readPem } from '../../../src/authority/pem.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { InputError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { opensslAuthority, pass, passphrase } from './openssl-authority.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const sans =
  'subjectAltName=DNS:a,IP:10.0.0.1,IP:::1\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\nbasicConstraints=CA:TRUE';
const { certificate, bundle } = opensslAuthority(openssl, 'p256', undefined, sans);
const traditional = openssl.run('ec', '-in', 'p256.key', '-aes256', ...pass);
const scrypt = openssl.run('pkcs8', '-topk8', '-in', 'p256.key', '-scrypt', ...pass);
const now = new Date();

test('a damaged certificate is read or it is not, and nothing is thrown', () => {
  const random = randomNumbers(1);
  const outcomes = { read: 0, unreadable: 0 };
  for (let round = 0; round < 4000; round += 1) {
    const damaged = damagedBlocks(certificate, random);
    const read = readCertificate(damaged);
    expect(readCertificates(damaged)?.length ?? 0).toBe(read === undefined ? 0 : 1);
    outcomes[read === undefined ? 'unreadable' : 'read'] += 1;
  }

  expect(outcomes.read).toBeGreaterThan(500);
  expect(outcomes.unreadable).toBeGreaterThan(500);
});

test.each([
  ['PBKDF2', bundle, 600],
  ['traditional', certificate + traditional, 600],
  ['scrypt', certificate + scrypt, 60],
])('a damaged bundle (%s) restores or is refused, in little time', (_, intact, rounds) => {
  const random = randomNumbers(2);
  const outcomes = new Set<string>();
  let longest = 0;
  for (let round = 0; round < rounds; round += 1) {
    const damage = round % 2 === 0 ? damagedBlocks : damagedText;
    const begun = performance.now();
    outcomes.add(outcome(damage(intact, random)));
    longest = Math.max(longest, performance.now() - begun);
  }

  expect(outcomes.size).toBeGreaterThan(3);
  for (const message of outcomes) expect(message).toMatch(/^(restored|ca: .+|ca-passphrase: .+)$/);
  expect(longest).toBeLessThan(10_000);
});

test('much text that nearly is PEM takes little time', () => {
  const begun = performance.now();
  const texts = [
    '-----BEGIN CERTIFICATE-----\n',
    '-----BEGIN ',
    '-',
    'A',
    ' \n',
    'a: b\n',
    '-----BEGIN A-----\n-----END A-----\n',
  ];
  for (const text of texts) {
    const much = text.repeat(2_000_000 / text.length);
    expect(readCertificates(much) ?? []).toEqual([]);
    expect(outcome(much)).toMatch(/^ca: /);
  }
  expect(performance.now() - begun).toBeLessThan(10_000);
});

/** `restored`, or the message of the one kind of error that may be thrown. */
function outcome(text: string): string {
  try {
    restoreAuthority(new Secret(text), new Secret(passphrase), now);
    return 'restored';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

type Random = (below: number) => number;

/** Flips, cuts, doubles or overwrites bytes within the blocks. */
function damagedBlocks(text: string, random: Random): string {
  const blocks = readPem(text) ?? [];
  const chosen = random(blocks.length);
  return blocks
    .map((block, index) =>
      index === chosen && block.headers.length === 0
        ? writePem(block.label, damaged(block.der, random))
        : block.text,
    )
    .join('');
}

function damagedText(text: string, random: Random): string {
  return damaged(Buffer.from(text), random).toString('latin1');
}

function damaged(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const at = random(copy.length);
  switch (random(5)) {
    case 0:
      copy[at] = random(256);
      return copy;
    case 1:
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(8))]);
    default:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(random(copy.length))]);
  }
}

/** mulberry32: the same numbers for a seed on every machine. */
function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
