import { expect, test } from '@jest/globals';
import { makeWitnesses } from '../../../src/apply/witnesses.ts';
import { authorityOf, newestAlone, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration, createAuthority } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { daysFrom, newAuthority, NOW } from '../../support/fakes.ts';

const HOUR_MS = 60 * 60 * 1000;

test('ours is of our authority, the foreign one is not; neither outlives the run by long', async () => {
  const authority = await newAuthority();
  const { ours, foreign } = await makeWitnesses(authority, NOW);
  expect(issuersOf(authority, ours)).toEqual([authority.generations[0]]);
  expect(issuersOf(authority, foreign)).toEqual([undefined]);
  for (const { certificate } of [...ours, ...foreign]) {
    expect(certificate.notAfter.getTime()).toBeGreaterThan(NOW.getTime());
    expect(certificate.notAfter.getTime() - NOW.getTime()).toBeLessThanOrEqual(2 * HOUR_MS);
  }
});

test('each generation that is trusted has one of ours, each that was given up a foreign one', async () => {
  const first = await newAuthority();
  const both = await addGeneration(first, { algorithm: 'ecdsa-p256', days: 3650, now: NOW });
  const during = await makeWitnesses(both, NOW);
  expect(issuersOf(both, during.ours)).toEqual(both.generations);
  expect(issuersOf(both, during.foreign)).toEqual([undefined]);
  const after = await makeWitnesses(newestAlone(both), NOW);
  expect(issuersOf(both, after.ours)).toEqual([both.generations[0]]);
  expect(issuersOf(both, after.foreign)).toEqual([undefined, first.generations[0]]);
});

test('a generation that has expired has none', async () => {
  const old = await createAuthority({ algorithm: 'ecdsa-p256', days: 30, now: daysFrom(NOW, -31) });
  const both = await addGeneration(old, { algorithm: 'ecdsa-p256', days: 3650, now: NOW });
  expect((await makeWitnesses(both, NOW)).ours).toHaveLength(1);
  expect((await makeWitnesses(newestAlone(both), NOW)).foreign).toHaveLength(1);
});

test.each([
  ['ahead', HOUR_MS / 2],
  ['behind', -HOUR_MS / 2],
])('a node whose clock is half an hour %s finds both valid, also an hour later', async (_, skewMs) => {
  const { ours, foreign } = await makeWitnesses(await newAuthority(), NOW);
  for (const { certificate } of [...ours, ...foreign])
    for (const laterMs of [0, HOUR_MS - 1]) {
      const theirs = NOW.getTime() + laterMs + skewMs;
      expect(certificate.notBefore.getTime()).toBeLessThanOrEqual(theirs);
      expect(certificate.notAfter.getTime()).toBeGreaterThan(theirs);
    }
});

test('the foreign CA has another name than ours', async () => {
  const { ours, foreign } = await makeWitnesses(await newAuthority(), NOW);
  expect(foreign[0]?.certificate.issuer).not.toBe(ours[0]?.certificate.issuer);
});

function issuersOf(authority: Authority, clients: readonly Identity[]) {
  return clients.map(({ certificate }) => authorityOf(authority, certificate));
}
