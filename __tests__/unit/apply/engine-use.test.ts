import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyEngines } from '../../../src/apply/apply-engines.ts';
import { askEngines, rowOf, useOf } from '../../../src/apply/engine-use.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { PingResult } from '../../../src/ports/network.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { clientFor, newAuthority, nodeSpec, NOW, reachedNode, request } from '../../support/fakes.ts';
import { engines, observed, registrationContext } from './registration.ts';

const node1 = nodeSpec();
const answered = { kind: 'answered' } as const;
const tooOld: PingResult = { kind: 'accepted', status: 400, served: undefined };
let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
});

describe('Shipyard can use an engine', () => {
  test('that is up, has a version and answers', () => {
    expect(useOf(node1, [listed({})], answered)).toEqual({ usable: true });
  });

  test.each([
    ['not listed', [], answered, 'it is not listed'],
    [
      'down',
      [listed({ health: 'down' })],
      answered,
      'it is down: the controller itself must reach https://10.0.0.11:2376',
    ],
    ['not seen yet', [listed({ health: 'pending' })], answered, 'its health is pending'],
    [
      'up without a version',
      [listed({ dockerVersion: undefined })],
      answered,
      'has not found its Docker version',
    ],
    ['up, and refuses the API', [listed({})], { kind: 'refused', reason: 'why' } as const, 'why'],
    ['up, and silent', [listed({})], { kind: 'unknown', reason: 'no answer' } as const, 'no answer'],
  ])('but not one that is %s', (_, rows, answer, why) => {
    expect(useOf(node1, rows, answer)).toEqual({ usable: false, why: expect.stringContaining(why) });
  });

  test('of two rows the one that is up counts', () => {
    expect(rowOf(node1, [listed({ id: 'a', health: 'down' }), listed({ id: 'b' })])?.id).toBe('b');
  });
});

describe('every engine is asked', () => {
  test('once, for the version, under a client certificate of the authority', async () => {
    const network = engines({ kind: 'accepted', status: 200, served: undefined });
    const nodes = [reachedNode(node1), reachedNode(nodeSpec({ name: 'node2' }))];
    const answers = await askEngines(nodes, { network, authority, clock: new FakeClock(NOW) });
    expect([...answers.values()]).toEqual([answered, answered]);
    expect(network.pings.map(({ path }) => path)).toEqual(['/v1.15/version', '/v1.15/version']);
    expect(network.pings[0]?.identity?.certificate.subject).toBe('CN=shipyard@probe');
  });

  test.each<[string, PingResult, string, string]>([
    ['an API that is too old', tooOld, 'refused', 'the engine answered /v1.15/version with 400'],
    [
      'a refusal',
      { kind: 'refused', alert: 'bad certificate', served: undefined },
      'unknown',
      'bad certificate',
    ],
    ['silence', { kind: 'failed', reason: 'no answer', served: undefined }, 'unknown', 'no answer'],
  ])('and %s is told apart', async (_, ping, kind, reason) => {
    const context = { network: engines(ping), authority, clock: new FakeClock(NOW) };
    const [answer] = (await askEngines([reachedNode(node1)], context)).values();
    expect(answer).toEqual({ kind, reason: expect.stringContaining(reason) });
  });
});

describe('an engine that refuses the API on the wire', () => {
  test('is not registered', async () => {
    const shipyard = new FakeShipyard();
    const context = registrationContext(authority, engines(tooOld));
    expect(await applyEngines(observed(shipyard), [reachedNode(node1)], context)).toMatchObject({
      outcomes: [
        {
          result: {
            kind: 'failed',
            error: { message: expect.stringContaining('so that Shipyard cannot use it') },
          },
          use: { usable: false, why: 'it is not listed' },
        },
      ],
    });
    expect(shipyard.added).toEqual([]);
  });

  test('is registered all the same where that is a warning, and marked', async () => {
    const shipyard = new FakeShipyard([], { shown: (row) => ({ ...row, dockerVersion: undefined }) });
    const context = {
      ...registrationContext(authority, engines(tooOld)),
      request: request({ incompatibleEngines: 'warn' }),
    };
    expect(await applyEngines(observed(shipyard), [reachedNode(node1)], context)).toMatchObject({
      outcomes: [
        { result: { kind: 'changed' }, use: { usable: false, why: expect.stringContaining('400') } },
      ],
    });
  });
});

test('an unchanged engine that is down is told of, and not awaited', async () => {
  const row = listed({
    health: 'down',
    client: (await clientFor('node1', authority)).certificate,
    trusted: trustedCertificates(authority),
  });
  const context = registrationContext(authority);
  expect(await applyEngines(observed(new FakeShipyard([row])), [reachedNode(node1)], context)).toMatchObject({
    outcomes: [{ result: { kind: 'unchanged' }, use: { usable: false } }],
  });
  expect(context.clock.now()).toEqual(NOW);
});
