import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Certificate } from '../../../src/authority/certificate.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { daysLeft, renewalReason } from '../../../src/authority/renewal.ts';

let ca: Certificate;
let leaf: Certificate;
let lastLeaf: Certificate;

beforeAll(async () => {
  const now = new Date('2026-01-01T01:00:00Z');
  const authority = await createAuthority({ algorithm: 'ecdsa-p256', days: 365, now });
  const issue = async (lifetime: { readonly days: number }) => {
    const policy = { algorithm: 'ecdsa-p256', lifetime, now } as const;
    return (await issueIdentity(authority, { kind: 'client', name: 'node1' }, policy)).certificate;
  };
  ca = authority.generations[0].certificate;
  leaf = await issue({ days: 100 });
  lastLeaf = await issue({ days: 400 });
});

describe('a certificate from 2026-01-01 00:00 to 2026-04-11 01:00', () => {
  test.each([
    ['2026-03-12T01:00:00Z', undefined],
    ['2026-03-12T01:00:01Z', 'expiring'],
    ['2026-04-11T00:59:59Z', 'expiring'],
    ['2026-04-11T01:00:00Z', 'expired'],
    ['2027-01-01T00:00:00Z', 'expired'],
  ])('is at %s with a window of 30 days: %s', (now, reason) => {
    expect(renewalReason(leaf, { days: 30 }, new Date(now), ca)).toBe(reason);
  });

  test.each([
    ['2026-03-02T00:00:00Z', undefined],
    ['2026-03-02T01:00:00Z', 'expiring'],
    ['2026-04-11T01:00:00Z', 'expired'],
  ])('is at %s with a window of 40%%: %s', (now, reason) => {
    expect(renewalReason(leaf, { percent: 40 }, new Date(now), ca)).toBe(reason);
  });

  test.each([
    ['2026-01-01T01:00:00Z', 100],
    ['2026-04-10T00:59:00Z', 1],
    ['2026-04-10T02:00:00Z', 0],
    ['2026-04-11T02:00:00Z', -1],
  ])('has at %s days left: %i', (now, days) => {
    expect(daysLeft(leaf, new Date(now))).toBe(days);
  });
});

test('a certificate that ends with its CA is not renewed for nothing', () => {
  expect(lastLeaf.notAfter).toEqual(ca.notAfter);
  expect(renewalReason(lastLeaf, { days: 30 }, new Date('2026-12-31T00:00:00Z'), ca)).toBeUndefined();
  expect(renewalReason(lastLeaf, { days: 30 }, new Date('2027-01-01T01:00:00Z'), ca)).toBe('expired');
});
