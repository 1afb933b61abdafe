import { expect, test } from '@jest/globals';
import { makeWitnesses } from '../../../src/apply/witnesses.ts';
import { authorityOf } from '../../../src/authority/authority.ts';
import { newAuthority, NOW } from '../../support/fakes.ts';

const HOUR_MS = 60 * 60 * 1000;

test('ours is of our authority, the foreign one is not; neither outlives the run by long', async () => {
  const authority = await newAuthority();
  const { ours, foreign } = await makeWitnesses(authority, NOW);
  expect(authorityOf(authority, ours.certificate)).toBe(authority.generations[0]);
  expect(authorityOf(authority, foreign.certificate)).toBeUndefined();
  for (const { certificate } of [ours, foreign]) {
    expect(certificate.notAfter.getTime()).toBeGreaterThan(NOW.getTime());
    expect(certificate.notAfter.getTime() - NOW.getTime()).toBeLessThanOrEqual(2 * HOUR_MS);
  }
});

test.each([
  ['ahead', HOUR_MS / 2],
  ['behind', -HOUR_MS / 2],
])('a node whose clock is half an hour %s finds both valid, also an hour later', async (_, skewMs) => {
  const { ours, foreign } = await makeWitnesses(await newAuthority(), NOW);
  for (const { certificate } of [ours, foreign])
    for (const laterMs of [0, HOUR_MS - 1]) {
      const theirs = NOW.getTime() + laterMs + skewMs;
      expect(certificate.notBefore.getTime()).toBeLessThanOrEqual(theirs);
      expect(certificate.notAfter.getTime()).toBeGreaterThan(theirs);
    }
});

test('the foreign CA has another name than ours', async () => {
  const authority = await newAuthority();
  const { ours, foreign } = await makeWitnesses(authority, NOW);
  expect(foreign.certificate.issuer).not.toBe(ours.certificate.issuer);
});
