import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { daysLeft, renewalReason, type RenewalPolicy } from '../../../src/authority/renewal.ts';
import { dayMs } from '../../../src/authority/validity.ts';

let authority: Authority;
let ca: Certificate;
let leaf: Certificate;
let lastLeaf: Certificate;

beforeAll(async () => {
  const now = new Date('2026-01-01T01:00:00Z');
  authority = await createAuthority({ algorithm: 'ecdsa-p256', days: 365, now });
  ca = authority.generations[0].certificate;
  leaf = await issue({ days: 100 }, now);
  lastLeaf = await issue({ days: 400 }, now);
});

describe('a certificate that is issued on 2026-01-01 01:00 for 100 days', () => {
  test.each([
    ['2026-03-11T23:59:59Z', undefined],
    ['2026-03-12T00:00:00Z', 'expiring'],
    ['2026-04-11T00:59:59Z', 'expiring'],
    ['2026-04-11T01:00:00Z', 'expired'],
    ['2027-01-01T00:00:00Z', 'expired'],
  ])('is at %s with a window of 30 days: %s', (now, reason) => {
    expect(renewalReason(leaf, { renewBefore: { days: 30 }, rank: 0 }, new Date(now), ca)).toBe(reason);
  });

  test.each([
    ['2026-03-01T23:59:59Z', undefined],
    ['2026-03-02T00:00:00Z', 'expiring'],
    ['2026-04-11T01:00:00Z', 'expired'],
  ])('is at %s with a window of 40%%: %s', (now, reason) => {
    expect(renewalReason(leaf, { renewBefore: { percent: 40 }, rank: 2 }, new Date(now), ca)).toBe(reason);
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

test('ten nodes of one day are due on four days, none of them later than asked', () => {
  const dates = Array.from({ length: 10 }, (_, rank) => dueOn(leaf, { renewBefore: { days: 30 }, rank }));
  expect(dates.sort()).toEqual([
    ...['2026-03-09', '2026-03-09', '2026-03-09', '2026-03-10', '2026-03-10'],
    ...['2026-03-11', '2026-03-11', '2026-03-12', '2026-03-12', '2026-03-12'],
  ]);
});

test.each([0, 1, 2, 3])(
  'one of a day is not due before half of its quiet time is over: rank %i',
  async (rank) => {
    const issued = new Date('2026-02-01T15:00:00Z');
    const short = await issue({ days: 1 }, issued);
    const after = (hours: number) =>
      renewalReason(
        short,
        { renewBefore: { percent: 40 }, rank },
        new Date(issued.getTime() + hours * 3_600_000),
        ca,
      );
    expect(after(7.2)).toBeUndefined();
    expect(after(14.4)).toBe('expiring');
  },
);

test('one that was made elsewhere, and lives shorter than its window, is due', async () => {
  const short = await issue({ days: 1 }, new Date('2026-02-01T15:00:00Z'));
  const policy = { renewBefore: { days: 30 }, rank: 3 };
  expect(renewalReason(short, policy, new Date('2026-02-01T15:00:00Z'), ca)).toBe('expiring');
});

test('a certificate that ends with its CA is not renewed for nothing', () => {
  const policy = { renewBefore: { days: 30 }, rank: 0 };
  expect(lastLeaf.notAfter).toEqual(ca.notAfter);
  expect(renewalReason(lastLeaf, policy, new Date('2026-12-31T00:00:00Z'), ca)).toBeUndefined();
  expect(renewalReason(lastLeaf, policy, new Date('2027-01-01T01:00:00Z'), ca)).toBe('expired');
});

/** The first day on which a run finds it due, when there is one each night. */
function dueOn(certificate: Certificate, policy: RenewalPolicy): string {
  const start = new Date('2026-01-01T03:17:00Z').getTime();
  const nights = Array.from({ length: 100 }, (_, day) => new Date(start + day * dayMs));
  const night = nights.find((now) => renewalReason(certificate, policy, now, ca) !== undefined);
  return night?.toISOString().slice(0, 10) ?? 'never';
}

function issue(lifetime: { readonly days: number }, now: Date): Promise<Certificate> {
  const policy = { algorithm: 'ecdsa-p256', lifetime, now } as const;
  return issueIdentity(authority, { kind: 'client', name: 'node1' }, policy).then(
    ({ certificate }) => certificate,
  );
}
