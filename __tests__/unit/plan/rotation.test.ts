import { beforeAll, describe, expect, test } from '@jest/globals';
import { newestAlone, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration, createAuthority } from '../../../src/authority/create.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import { planNode, type NodeObservation } from '../../../src/plan/node-plan.ts';
import { overlapping, rotationUnderWay } from '../../../src/plan/rotation.ts';
import {
  daysFrom,
  installedSet,
  newAuthority,
  nodeFacts,
  nodeSpec,
  NOW,
  policy,
  reachedNode,
  rollout,
  serverFor,
} from '../../support/fakes.ts';
import { importedAuthority } from '../../support/imported-authority.ts';
import { convergedFacts } from './converged.ts';

const spec = nodeSpec();
const made = { algorithm: 'ecdsa-p256', days: 3650, now: NOW } as const;
let old: Authority;
let rotated: Authority;
/** The rotated one, issued by its older generation. */
let overlap: Authority;
let end: Authority;
let stranger: Authority;

beforeAll(async () => {
  [old, stranger] = await Promise.all([newAuthority(), newAuthority()]);
  rotated = await addGeneration(old, made);
  overlap = { generations: [old.generations[0], rotated.generations[0]] };
  end = newestAlone(rotated);
});

test('a generation that is added is the newest, with the next number and the same name', () => {
  expect(rotated.generations.map(({ number }) => number)).toEqual([2, 1]);
  expect(rotated.generations[0].certificate.subject).toBe(
    old.generations[0].certificate.subject.replace('generation 1', 'generation 2'),
  );
  expect(rotated.generations[1]).toBe(old.generations[0]);
});

describe('the stages of a node whose clients have not followed', () => {
  test('it trusts both and goes on serving what it does', async () => {
    expect(overlapping(rotated, await seen(old, old), NOW)).toEqual(overlap);
    expect(overlapping(rotated, await seen(old, overlap), NOW)).toEqual(overlap);
  });

  test('also where it was set up by somebody else, as the guide does', async () => {
    const { served } = await seen(old, old);
    expect(overlapping(rotated, { facts: nodeFacts(), served }, NOW)).toEqual(overlap);
  });

  test('one that serves the newest and still trusts both goes on doing so', async () => {
    expect(overlapping(rotated, await seen(rotated, rotated), NOW)).toEqual(rotated);
  });

  test('one that trusts the newest alone is at the end', async () => {
    expect(overlapping(rotated, await seen(end, end), NOW)).toEqual(end);
  });

  test.each([
    ['nothing is served yet', () => Promise.resolve({ facts: nodeFacts(), served: NOTHING })],
    ['a stranger issued its certificate', () => seen(stranger, stranger)],
  ])('nobody is cut off, so that it goes to the end at once: %s', async (_, node) => {
    expect(overlapping(rotated, await node(), NOW)).toEqual(end);
  });

  test('nobody is let in by a generation that has expired', async () => {
    const early = await createAuthority({ ...made, days: 30, now: daysFrom(NOW, -40) });
    const both = await addGeneration(early, made);
    const node = await seen(early, early, daysFrom(NOW, -40));
    expect(overlapping(both, node, NOW)).toEqual(newestAlone(both));
  });

  test('with an imported CA as the older one they are the same', async () => {
    const imported = await importedAuthority(NOW);
    const both = await addGeneration(imported, made);
    const [first, older = first] = both.generations;
    const waiting: Authority = { generations: [older, first] };
    const last = newestAlone(both);
    expect(rotationUnderWay(imported, [await node(imported, imported)], { compromised: false })).toBe(
      undefined,
    );
    expect(overlapping(both, await seen(imported, imported), NOW)).toEqual(waiting);
    expect(plan(await seen(imported, imported), waiting)).toMatchObject({ reasons: ['trust-changed'] });
    expect(plan(await seen(imported, waiting), last)).toMatchObject({
      reasons: ['rotation', 'trust-changed'],
    });
    expect(plan(await seen(last, last), last)).toMatchObject({ kind: 'keep' });
    expect(rotationUnderWay(both, [], { compromised: false })).toBe('generation 0 has not been dropped yet');
  });

  test('without a rotation it is the authority itself', async () => {
    expect(overlapping(old, await seen(old, old), NOW)).toBe(old);
  });
});

describe('the plan', () => {
  test('of the overlap keeps key and certificate beside both CAs, with one restart', async () => {
    const node = await seen(old, old);
    expect(plan(node, overlap)).toMatchObject({
      kind: 'change',
      reasons: ['trust-changed'],
      certificate: { kind: 'retrust', serial: node.served.certificate?.serial, authority: overlap },
      restart: true,
    });
    expect(plan(await seen(old, overlap), overlap)).toMatchObject({ kind: 'keep' });
  });

  test('of the overlap renews what is due from the generation that issued it', async () => {
    const later = daysFrom(NOW, 120);
    expect(plan(await seen(old, old), overlap, later)).toMatchObject({
      reasons: ['trust-changed', 'expiring'],
      certificate: { kind: 'issue', authority: overlap },
    });
  });

  test('of the end issues a certificate of the newest', async () => {
    expect(plan(await seen(old, overlap), end)).toMatchObject({
      reasons: ['rotation', 'trust-changed'],
      certificate: { kind: 'issue', authority: end },
    });
    expect(plan(await seen(end, end), end)).toMatchObject({ kind: 'keep' });
  });

  test('issues anew where the port serves something else, or nobody can tell whether the key fits', async () => {
    const node = await seen(old, old);
    const other = await seen(old, old);
    expect(plan({ ...node, served: other.served }, overlap)).toMatchObject({
      certificate: { kind: 'issue' },
    });
    const { installed } = node.facts;
    const facts = { ...node.facts, installed: installed && { ...installed, publicKey: undefined } };
    expect(plan({ ...node, facts }, overlap)).toMatchObject({ certificate: { kind: 'issue' } });
  });
});

describe('a rotation is under way', () => {
  const willing = { compromised: false };

  test('not where every node serves and trusts the newest alone', async () => {
    expect(rotationUnderWay(old, [await node(old, old)], willing)).toBeUndefined();
  });

  test.each([
    ['serves an older one', () => node(old, overlap)],
    ['trusts more than the newest', () => node(end, rotated)],
    ['serves nothing', () => Promise.resolve(reachedNode(spec))],
    ['serves another certificate than lies there', () => stale()],
  ])('where a node %s', async (_, one) => {
    expect(rotationUnderWay(end, [await node(end, end), await one()], willing)).toBe(
      'node1 does not serve generation 2, or trusts more than it',
    );
  });

  test('where the bundle has an older generation, also if no node does', async () => {
    expect(rotationUnderWay(rotated, [await node(end, end)], willing)).toBe(
      'generation 1 has not been dropped yet',
    );
  });

  test('where a node could not be read, unless the key is in the wrong hands', () => {
    const down: ObservedNode = { kind: 'unreachable', spec, error: new Error('down') };
    expect(rotationUnderWay(old, [down], willing)).toBe('node1 could not be read');
    expect(rotationUnderWay(old, [down], { compromised: true })).toBeUndefined();
  });
});

const NOTHING = { certificate: undefined, demandsClient: false };

/** A node that serves a certificate of the one, and trusts all of the other. */
async function seen(issuer: Authority, trusted: Authority, now = NOW): Promise<NodeObservation> {
  const server = await serverFor(spec, issuer, now);
  return {
    facts: convergedFacts(spec, installedSet(server, trusted)),
    served: { certificate: server.certificate, demandsClient: true },
  };
}

async function node(issuer: Authority, trusted: Authority): Promise<ObservedNode> {
  return { ...reachedNode(spec), observation: await seen(issuer, trusted) };
}

async function stale(): Promise<ObservedNode> {
  const { facts } = await seen(end, end);
  const { served } = await seen(end, end);
  return { ...reachedNode(spec), observation: { facts, served } };
}

function plan(observed: NodeObservation, view: Authority, now = NOW) {
  const facts = { ...observed.facts, now };
  return planNode(spec, { ...observed, facts }, view, policy, now, {
    ...rollout,
    firewall: { kind: 'none' },
  });
}
