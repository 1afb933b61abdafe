import { expect, test } from '@jest/globals';
import { makeWitnesses } from '../../../src/apply/witnesses.ts';
import { authorityOf } from '../../../src/authority/authority.ts';
import { newAuthority, NOW } from '../../support/fakes.ts';

test('ours is of our authority, the foreign one is not; neither outlives the run by long', async () => {
  const authority = await newAuthority();
  const { ours, foreign } = await makeWitnesses(authority, NOW);
  expect(authorityOf(authority, ours.certificate)).toBe(authority.generations[0]);
  expect(authorityOf(authority, foreign.certificate)).toBeUndefined();
  for (const { certificate } of [ours, foreign]) {
    expect(certificate.notAfter.getTime()).toBeGreaterThan(NOW.getTime());
    expect(certificate.notAfter.getTime() - NOW.getTime()).toBeLessThanOrEqual(24 * 60 * 60 * 1000);
  }
});

test('the foreign CA has another name than ours', async () => {
  const authority = await newAuthority();
  const { ours, foreign } = await makeWitnesses(authority, NOW);
  expect(foreign.certificate.issuer).not.toBe(ours.certificate.issuer);
});
