import { beforeAll, expect, test } from '@jest/globals';
import { newestAlone, trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { hasFollowed } from '../../../src/shipyard/followers.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, daysFrom, newAuthority, nodeSpec, NOW } from '../../support/fakes.ts';

const spec = nodeSpec();
let old: Authority;
let rotated: Authority;
let before: Engine;
let after: Engine;
let foreign: Engine;

beforeAll(async () => {
  const stranger = await newAuthority();
  old = await newAuthority();
  rotated = await addGeneration(old, { algorithm: 'ecdsa-p256', days: 3650, now: NOW });
  before = await rowOf(old);
  after = await rowOf(rotated);
  foreign = await rowOf(stranger);
});

test('a row with a client of the newest generation that was seen up, and none at all', () => {
  expect(hasFollowed(spec, [after], rotated, NOW)).toBe(true);
  expect(hasFollowed(spec, [], rotated, NOW)).toBe(true);
  const trimmed = { ...after, trusted: trustedCertificates(newestAlone(rotated)) };
  expect(hasFollowed(spec, [trimmed], rotated, NOW)).toBe(true);
});

test('not a row with a client of the old one, alone or beside the new', () => {
  expect(hasFollowed(spec, [before], rotated, NOW)).toBe(false);
  expect(hasFollowed(spec, [after, before], rotated, NOW)).toBe(false);
});

test.each(['down', 'pending', 'unknown'] as const)('not a new row that is %s', (health) => {
  expect(hasFollowed(spec, [{ ...after, health }], rotated, NOW)).toBe(false);
});

test('not a row that does not trust the newest generation', () => {
  const { trusted } = before;
  expect(hasFollowed(spec, [{ ...after, trusted }], rotated, NOW)).toBe(false);
});

test('a client that is let in by nobody has nothing to lose', () => {
  expect(hasFollowed(spec, [before], rotated, daysFrom(NOW, 181))).toBe(true);
  expect(hasFollowed(spec, [foreign], rotated, NOW)).toBe(true);
});

test('rows of other nodes do not matter', () => {
  const other = { ...before, name: 'node2', addr: 'https://10.0.0.12:2376' };
  expect(hasFollowed(spec, [after, other], rotated, NOW)).toBe(true);
});

async function rowOf(authority: Authority): Promise<Engine> {
  const { certificate: client } = await clientFor('node1', authority);
  return listed({ client, trusted: trustedCertificates(authority) });
}
