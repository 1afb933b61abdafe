import { beforeAll, describe, expect, test } from '@jest/globals';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { planEngine } from '../../../src/shipyard/engine-plan.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, daysFrom, newAuthority, nodeSpec, NOW, policy } from '../../support/fakes.ts';

const spec = nodeSpec();
const asked = { certificates: policy, compromised: false };
let ours: Authority;
let theirs: Authority;
let good: Engine;
let foreign: Engine;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([newAuthority(), newAuthority()]);
  const rowOf = async (authority: Authority) =>
    listed({
      client: (await clientFor('node1', authority)).certificate,
      trusted: trustedCertificates(authority),
    });
  good = await rowOf(ours);
  foreign = { ...(await rowOf(theirs)), id: 'row-2' };
});

test('an engine as asked is kept, whatever its health', () => {
  for (const health of ['up', 'down', 'pending', 'unknown'] as const)
    expect(plan([{ ...good, health }])).toMatchObject({ kind: 'keep', engine: { id: 'row-1' } });
});

test('unregistered: no row has the name', () => {
  expect(plan([])).toEqual({ kind: 'add', reasons: ['unregistered'], remove: [] });
});

test('rows of other names are left alone, also at our address', () => {
  expect(plan([{ ...foreign, name: 'node11' }])).toEqual({
    kind: 'add',
    reasons: ['unregistered'],
    remove: [],
  });
});

test('a foreign row with our name and address is taken over', () => {
  expect(plan([foreign])).toEqual({
    kind: 'add',
    reasons: ['wrong-issuer', 'registration-differs'],
    remove: [foreign],
  });
});

test('a row without a certificate at our name and address is taken over', () => {
  const plain = { ...good, client: undefined, keyMatches: false, trusted: [] };
  expect(plan([plain])).toMatchObject({ kind: 'add', remove: [plain] });
});

describe('a name that belongs to a foreign engine elsewhere is refused', () => {
  test.each([
    ['alone', () => [{ ...foreign, addr: 'https://10.9.9.9:2376' }]],
    ['beside ours', () => [good, { ...foreign, addr: 'https://10.9.9.9:2376' }]],
  ])('%s; both addresses are named', (_, rows) => {
    expect(plan(rows())).toMatchObject({
      kind: 'refuse',
      error: {
        message:
          'shipyard: the name node1 belongs to another engine: https://10.9.9.9:2376 (id row-2), and https://10.0.0.11:2376 is asked',
      },
    });
  });

  test('what it calls itself is shown as data', () => {
    const result = plan([{ ...foreign, addr: 'https://x\n::error::', id: '\u001b[31m' }]);
    expect(result.kind === 'refuse' ? result.error.message : '').toContain(
      'https://x | ::error:: (id \\u{1b}[31m)',
    );
  });
});

test('ours at another address has moved', () => {
  const elsewhere = { ...good, addr: 'https://10.0.0.99:2376' };
  expect(plan([elsewhere])).toEqual({ kind: 'add', reasons: ['registration-differs'], remove: [elsewhere] });
});

describe('duplicates', () => {
  test('one that is as asked stays, the others go', () => {
    const twin = { ...good, id: 'row-3' };
    const moved = { ...good, id: 'row-4', addr: 'https://10.0.0.99:2376' };
    expect(plan([foreign, good, twin, moved])).toEqual({
      kind: 'remove',
      engine: good,
      reasons: ['duplicate'],
      remove: [foreign, twin, moved],
    });
  });

  test('where none is as asked, one is added and all go', () => {
    const moved = { ...good, id: 'row-4', addr: 'https://10.0.0.99:2376' };
    expect(plan([foreign, moved])).toEqual({
      kind: 'add',
      reasons: ['wrong-issuer', 'registration-differs'],
      remove: [foreign, moved],
    });
  });
});

describe('what the row holds decides', () => {
  test.each([
    ['expiring', () => plan([good], { now: daysFrom(NOW, 120) })],
    ['expired', () => plan([good], { now: daysFrom(NOW, 181) })],
    ['key-mismatch', () => plan([{ ...good, keyMatches: false }])],
    ['forced', () => plan([good], { forceRenew: ['node1'] })],
    ['registration-differs', () => plan([{ ...good, labels: ['node1', 'more'] }])],
    ['registration-differs', () => plan([{ ...good, cpus: 4 }], { node: { cpus: 2 } })],
    ['registration-differs', () => plan([{ ...good, memory: 4096 }], { node: { memory: 2048 } })],
    ['registration-differs', () => plan([{ ...good, trusted: [] }])],
    ['registration-differs', () => plan([{ ...good, trusted: trustedCertificates(theirs) }])],
  ])('%s', (reason, result) => {
    expect(result()).toMatchObject({ kind: 'add', reasons: [reason], remove: [{ id: 'row-1' }] });
  });

  test.each([
    [
      'labels in another order',
      () => plan([{ ...good, labels: ['b', 'a'] }], { node: { labels: ['a', 'b'] } }),
    ],
    ['cpus and memory that nobody asked for', () => plan([{ ...good, cpus: 64, memory: 1 }])],
    [
      'an older generation that is trusted as well',
      () => plan([{ ...good, trusted: [...trustedCertificates(theirs), ...trustedCertificates(ours)] }]),
    ],
  ])('%s are no difference', (_, result) => {
    expect(result()).toMatchObject({ kind: 'keep' });
  });

  test('a client of an older generation is ours, but must learn to trust the newest', () => {
    const rotated: Authority = { generations: [theirs.generations[0], ours.generations[0]] };
    expect(planEngine(spec, [good], rotated, asked, NOW)).toMatchObject({
      kind: 'add',
      reasons: ['rotation', 'registration-differs'],
    });
  });

  test('a row that still trusts a generation that was given up is replaced only where that is in the wrong hands', () => {
    const rotated: Authority = { generations: [ours.generations[0]], retired: [theirs.generations[0]] };
    const both = { ...good, trusted: [...trustedCertificates(ours), ...trustedCertificates(theirs)] };
    expect(planEngine(spec, [both], rotated, asked, NOW)).toMatchObject({ kind: 'keep' });
    expect(planEngine(spec, [both], rotated, { ...asked, compromised: true }, NOW)).toMatchObject({
      kind: 'add',
      reasons: ['registration-differs'],
    });
  });
});

function plan(
  rows: readonly Engine[],
  {
    node = {},
    forceRenew = 'none',
    now = NOW,
  }: { node?: Partial<typeof spec>; forceRenew?: 'none' | readonly string[]; now?: Date } = {},
) {
  const certificates = { ...policy, forceRenew };
  return planEngine({ ...spec, ...node }, rows, ours, { ...asked, certificates }, now);
}
