import { beforeAll, expect, test } from '@jest/globals';
import { authorityWarnings } from '../../../src/apply/authority-warnings.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import type { AuthoritySource } from '../../../src/inputs/authority-request.ts';
import { Secret } from '../../../src/secret.ts';
import { daysFrom, newAuthority, NOW, reachedNode } from '../../support/fakes.ts';

const passphrase = new Secret('');
const bundle: AuthoritySource = { kind: 'bundle', input: 'ca', bundle: new Secret(''), passphrase };
const imported: AuthoritySource = { kind: 'import', certificate: '', key: new Secret(''), passphrase };
let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
});

test('of a CA of ten years nothing is said until its last year', () => {
  expect(warnings(bundle, 3284)).toEqual([]);
  expect(warnings(bundle, 3286)).toEqual([
    'the CA O=shipyard-cluster, CN=Docker TLS CA (generation 1) ends on 2040-05-29T12:00:00.000Z, in 364 days, and no certificate of it can outlive that: run command: rotate-ca in time',
  ]);
});

test('of a short one until the last fifth of its life', async () => {
  const short = await createAuthority({ algorithm: 'ecdsa-p256', days: 30, now: NOW });
  expect(warnings(bundle, 23, short)).toEqual([]);
  expect(warnings(bundle, 25, short)).toEqual([expect.stringContaining('in 5 days')]);
});

test('an imported one can have issued leaves that are CAs; the nodes that serve one are named', () => {
  expect(warnings(imported, 0)).toEqual([
    expect.stringMatching(
      /^the imported CA \(generation 0, key id [0-9a-f]{40}\).* CA:TRUE, so that.*rotate-ca soon$/,
    ),
  ]);
  const node = reachedNode();
  const [{ certificate }] = authority.generations;
  const served = { ...node.observation, served: { certificate, demandsClient: true } };
  const [text] = authorityWarnings(
    authority,
    { authority: imported },
    [{ ...node, observation: served }],
    NOW,
  );
  expect(text).toContain('(node1 serve such a one now)');
});

function warnings(source: AuthoritySource, days: number, of = authority): readonly string[] {
  return authorityWarnings(of, { authority: source }, [], daysFrom(NOW, days));
}
