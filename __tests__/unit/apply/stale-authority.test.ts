import { beforeAll, describe, expect, test } from '@jest/globals';
import { refuseStaleAuthority } from '../../../src/apply/stale-authority.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import { daysFrom, installedSet, nodeSpec, NOW, reachedNode, serverFor } from '../../support/fakes.ts';
import { importedAuthority } from '../../support/imported-authority.ts';

let first: Authority;
let second: Authority;
let forked: Authority;

beforeAll(async () => {
  first = await made(1, NOW);
  second = await made(2, daysFrom(NOW, 100));
  // The same number as the first, made later and in its place: after a secret was lost.
  forked = await made(1, daysFrom(NOW, 50));
});

const id = ({ generations }: Authority) => generations[0].certificate.keyId;

describe('refused', () => {
  test('a CA where a node has a certificate of the next generation', async () => {
    await expect(used(first, second)).rejects.toMatchObject({
      message: expect.stringContaining(
        `node1 has a certificate of a CA that is newer than the given one, and not part of it: O=shipyard-cluster, CN=Docker TLS CA (generation 2), key id ${id(second)}`,
      ),
      hint: expect.stringContaining(`replace-ca: ${id(second)}`),
    });
  });

  test('a CA where a node trusts the next generation beside it, though it still serves the old leaf', async () => {
    const { generations } = first;
    const both: Authority = { generations: [second.generations[0], generations[0]] };
    await expect(used(first, first, both)).rejects.toThrow(/node1 trusts a CA that is newer/);
  });

  test('one of the same number that was made later: the number alone tells nothing', async () => {
    await expect(used(first, forked)).rejects.toThrow(`key id ${id(forked)}`);
  });

  test('one that only the wire tells of, where nothing of ours is installed', async () => {
    const { certificate } = await serverFor(nodeSpec(), second, daysFrom(NOW, 101));
    const node = reachedNode();
    const served = { ...node.observation, served: { certificate, demandsClient: true } };
    expect(() => check(first, { ...node, observation: served })).toThrow(/generation 2/);
  });
});

describe('not refused', () => {
  test('an older CA on the nodes than the given one: it is about to go', async () => {
    await used(second, first);
    await used(forked, first);
  });

  test('one that is part of the bundle', async () => {
    const both: Authority = { generations: [second.generations[0], first.generations[0]] };
    await used(both, first);
    await used(both, second, both);
  });

  test('a newer one that replace-ca names', async () => {
    await used(first, second, second, [id(second)]);
  });

  test('a stranger, for whose age nothing is said', async () => {
    const [{ certificate: stranger }] = (await importedAuthority(daysFrom(NOW, 100))).generations;
    const trusting = (guideCa: string) => reachedNode(nodeSpec(), { guideCa });
    expect(() => check(first, trusting(stranger.pem))).not.toThrow();
    // One of ours in its place is not overlooked.
    const { pem } = second.generations[0].certificate;
    expect(() => check(first, trusting(stranger.pem + pem))).toThrow('node1 trusts a CA that is newer');
  });
});

/** A node with a set of one CA, under the eyes of another. */
async function used(
  given: Authority,
  issuer: Authority,
  trusted: Authority = issuer,
  replaceCa: readonly string[] = [],
): Promise<void> {
  const identity = await serverFor(nodeSpec(), issuer, daysFrom(NOW, 101));
  const ca = trustedCertificates(trusted)
    .map(({ pem }) => pem)
    .join('');
  const facts: Partial<NodeFacts> = { installed: { ...installedSet(identity, issuer), ca } };
  check(given, reachedNode(nodeSpec(), facts), replaceCa);
}

function check(given: Authority, node: ObservedNode, replaceCa: readonly string[] = []): void {
  refuseStaleAuthority(
    given,
    { nodes: [nodeSpec()], replaceCa },
    { nodes: [node], shipyard: { kind: 'none' } },
  );
}

function made(number: number, now: Date): Promise<Authority> {
  return createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now, number });
}
