import { beforeAll, describe, expect, test } from '@jest/globals';
import { awaitFollowers } from '../../../src/apply/await-followers.ts';
import { dropRetired } from '../../../src/apply/drop-retired.ts';
import { Stages } from '../../../src/plan/stages.ts';
import { newestAlone, trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import type { NodeObservation } from '../../../src/plan/node-plan.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { savePorts } from '../../support/fake-save-ports.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import {
  clientFor,
  installedSet,
  newAuthority,
  nodeFacts,
  nodeSpec,
  NOW,
  reachedNode,
  request,
  serverFor,
} from '../../support/fakes.ts';
import { observed } from './registration.ts';

const spec = nodeSpec();
const patient = { compromised: false };
let rotated: Authority;
let seen: NodeObservation;
let before: Engine;
let after: Engine;

beforeAll(async () => {
  const old = await newAuthority();
  rotated = await addGeneration(old, { algorithm: 'ecdsa-p256', days: 3650, now: NOW });
  const { certificate } = await serverFor(spec, old);
  const set = installedSet({ certificate, key: (await serverFor(spec, old)).key }, old);
  seen = { facts: nodeFacts({ installed: set }), served: { certificate, demandsClient: true } };
  const rowOf = async (authority: Authority): Promise<Engine> =>
    listed({
      client: (await clientFor('node1', authority)).certificate,
      trusted: trustedCertificates(authority),
    });
  [before, after] = await Promise.all([rowOf(old), rowOf(rotated)]);
});

describe('a node overlaps', () => {
  test.each<readonly [string, () => ObservedShipyard, boolean]>([
    ['while Shipyard has a client of the old CA', () => observed(new FakeShipyard([before])), true],
    ['while Shipyard cannot be read', () => ({ kind: 'unreachable', error: new Error('down') }), true],
    ['no more once its engine is up with a new client', () => observed(new FakeShipyard([after])), false],
    ['never without Shipyard', () => ({ kind: 'none' }), false],
  ])('%s', (_, shipyard, overlaps) => {
    const stages = new Stages(rotated, shipyard(), patient, new FakeClock(NOW));
    expect(stages.overlaps(spec)).toBe(false);
    const view = stages.view(spec, seen);
    expect(stages.overlaps(spec)).toBe(overlaps);
    expect(view.generations).toHaveLength(overlaps ? 2 : 1);
    if (!overlaps) expect(view).toBe(stages.end);
  });

  test('never where the old CA is in the wrong hands', () => {
    const shipyard = observed(new FakeShipyard([before]));
    const stages = new Stages(rotated, shipyard, { compromised: true }, new FakeClock(NOW));
    expect(stages.view(spec, seen)).toEqual(newestAlone(rotated));
  });

  test('until it is seen that its clients have followed', () => {
    const shipyard = observed(new FakeShipyard([before]));
    const stages = new Stages(rotated, shipyard, patient, new FakeClock(NOW));
    stages.view(spec, seen);
    stages.see({ ...shipyard, engines: [after] });
    stages.view(spec, seen);
    expect(stages.overlaps(spec)).toBe(false);
  });
});

describe('the wait for clients', () => {
  const waited = async (shown: (rows: readonly Engine[], round: number) => readonly Engine[]) => {
    const shipyard = observed(new FakeShipyard([]));
    const clock = new FakeClock(NOW);
    const stages = new Stages(rotated, shipyard, patient, clock);
    let round = 0;
    const engines = async () => Promise.resolve(shown([], (round += 1)));
    const { late } = await awaitFollowers({ ...shipyard, list: { engines } }, [spec], stages, clock);
    return { late, seconds: (clock.now().getTime() - NOW.getTime()) / 1000 };
  };

  test('ends when the engine is up, and not before', async () => {
    const pending: Engine = { ...after, health: 'pending' };
    expect(await waited((_, round) => [round < 5 ? pending : after])).toEqual({ late: [], seconds: 2 });
  });

  test('ends after 30 s with the nodes that are late', async () => {
    const { late, seconds } = await waited(() => [{ ...after, health: 'down' }]);
    expect(late).toEqual([spec]);
    expect(seconds).toBeLessThanOrEqual(31);
  });

  test('goes on over a list that cannot be read', async () => {
    const { late } = await waited((_, round) => {
      if (round < 3) throw new Error('503');
      return [after];
    });
    expect(late).toEqual([]);
  });
});

describe('the old generation', () => {
  const other = nodeSpec({ name: 'node2' });
  const dropped = async (authority: Authority, ...arrived: readonly (typeof spec)[]) => {
    const stages = new Stages(authority, { kind: 'none' }, patient, new FakeClock(NOW));
    const workflow = new FakeWorkflow();
    const asked = request({ nodes: [spec, other] });
    const isWell = await dropRetired(
      arrived.map((one) => reachedNode(one)),
      stages,
      asked,
      savePorts(workflow),
    );
    return { isWell, workflow };
  };

  test('is dropped from what is kept once every node of the inventory has arrived', async () => {
    const { isWell, workflow } = await dropped(rotated, spec, other);
    expect(isWell).toBe(true);
    const bundle = Buffer.from(workflow.outputs.get('ca') ?? '', 'base64').toString();
    const [newest] = rotated.generations;
    expect(bundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(bundle).toContain(newest.certificate.pem);
    expect(workflow.outputs.get('ca-certificate')).toBe(newest.certificate.pem);
  });

  test('is kept while a node has not, which is named', async () => {
    const { isWell, workflow } = await dropped(rotated, spec);
    expect(isWell).toBe(true);
    expect(workflow.outputs.size).toBe(0);
    expect(workflow.log.join('\n')).toContain('missing: node2');
  });

  test('nothing is said without a rotation', async () => {
    const { workflow } = await dropped(newestAlone(rotated), spec, other);
    expect(workflow.log).toEqual([]);
  });
});
