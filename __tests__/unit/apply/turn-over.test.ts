import { beforeAll, describe, expect, test } from '@jest/globals';
import type { NodeResult } from '../../../src/apply/outcome.ts';
import { Stages } from '../../../src/plan/stages.ts';
import { turnOver } from '../../../src/apply/turn-over.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { Rollout } from '../../../src/inputs/request.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import { planNode } from '../../../src/plan/node-plan.ts';
import type { NodePlanner } from '../../../src/plan/plan-nodes.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { PhaseClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost, RUN_ID } from '../../support/fake-rollout.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { factsText } from '../../support/facts-text.ts';
import * as fakes from '../../support/fakes.ts';
import { convergedFacts } from '../plan/converged.ts';
import { ENGINE, observed } from './registration.ts';

const { NOW } = fakes;
const spec = fakes.nodeSpec();
let old: Authority;
let rotated: Authority;
let server: Identity;
let before: Engine;

beforeAll(async () => {
  old = await fakes.newAuthority();
  rotated = await addGeneration(old, { algorithm: 'ecdsa-p256', days: 3650, now: NOW });
  server = await fakes.serverFor(spec, old);
  const client = (await fakes.clientFor('node1', old)).certificate;
  before = listed({ client, trusted: trustedCertificates(old) });
});

describe('a node that trusts both generations', () => {
  test('goes on to the newest alone once Shipyard has seen its engine up with a new client', async () => {
    const shipyard = new FakeShipyard([before]);
    const { result, handed, steps, stages } = await turned(shipyard);
    expect(shipyard.added.map(({ trusted }) => trusted)).toEqual([trustedCertificates(rotated)]);
    expect(shipyard.calls.filter((call) => /^(add|remove)/.test(call))).toEqual([
      'add node1',
      'remove row-1',
    ]);
    expect(result).toMatchObject({ kind: 'changed', reasons: ['trust-changed', 'rotation'] });
    expect(steps).toEqual(['facts', 'lock', 'facts', 'upload', 'prepare', 'switch', 'confirm', 'release']);
    expect(handed).toMatchObject([
      { result: { kind: 'changed', reasons: ['rotation', 'registration-differs'] } },
    ]);
    expect(stages.overlaps(spec)).toBe(false);
  });

  test('stays as it is while its engine is not up, and the run says so', async () => {
    const shipyard = new FakeShipyard([before], { shown: (row) => ({ ...row, health: 'down' }) });
    const { result, handed, steps, stages, waited } = await turned(shipyard);
    expect(result).toEqual(FIRST());
    expect(steps).toEqual([]);
    expect(handed).toMatchObject([{ result: { kind: 'incomplete' } }]);
    expect(stages.overlaps(spec)).toBe(true);
    expect(waited).toEqual(PHASES);
  });

  test('stays as it is where an earlier run has handed Shipyard the client, and it is not up', async () => {
    const client = (await fakes.clientFor('node1', rotated)).certificate;
    const row = listed({ client, trusted: trustedCertificates(rotated), health: 'down' });
    const { handed, steps, waited } = await turned(new FakeShipyard([row]));
    expect(steps).toEqual([]);
    expect(waited).toEqual([PHASES[1]]);
    expect(handed).toMatchObject([
      {
        result: {
          kind: 'incomplete',
          error: { message: expect.stringContaining('goes on trusting the old CA') },
        },
      },
    ]);
  });

  test('stays as it is while Shipyard cannot be reached', async () => {
    const { result, steps, registration } = await turned({ kind: 'unreachable', error: new Error('down') });
    expect(result).toEqual(FIRST());
    expect(steps).toEqual([]);
    expect(registration.kind).toBe('failed');
  });

  test('is not touched where another node has stopped the rollout', async () => {
    const failed = {
      kind: 'rolled-back',
      reasons: [],
      error: new Error('no proof'),
      lostContainers: [],
    } as const;
    const shipyard = new FakeShipyard([before]);
    expect((await turned(shipyard, { other: failed })).steps).toEqual([]);
    const going = { ...fakes.rollout, onFailure: 'continue' } as const;
    const { steps } = await turned(new FakeShipyard([before]), { other: failed, rollout: going });
    expect(steps).toContain('confirm');
  });

  test('is tried again by the next run where it cannot be read', async () => {
    const { result } = await turned(new FakeShipyard([before]), { unreadable: true });
    expect(result).toMatchObject({ kind: 'rolled-back', reasons: ['trust-changed'] });
  });
});

/** Whoever looks at the log sees in each of them that the run still goes on. */
const PHASES = ['Handing Shipyard clients of the new CA', 'Waiting for Shipyard to see the new clients'];

const FIRST = (): NodeResult => ({
  kind: 'changed',
  reasons: ['trust-changed'],
  certificate: server.certificate,
  lostContainers: [],
});

type Options = { readonly other?: NodeResult; readonly rollout?: Rollout; readonly unreadable?: boolean };

/** Turns one node over that the first pass has brought to trust both generations. */
async function turned(
  shipyard: FakeShipyard | ObservedShipyard,
  { other, rollout = fakes.rollout, unreadable = false }: Options = {},
) {
  const journal: string[] = [];
  const facts = {
    ...convergedFacts(spec, fakes.installedSet(server, rotated)),
    engine: { ...ENGINE, liveRestore: true },
  };
  const host = new RolloutHost('node1', journal, undefined, (step) =>
    step !== 'facts' ? undefined : unreadable ? new Error('gone') : { stdout: factsText(facts) },
  );
  const node = {
    ...fakes.reachedNode(spec, facts, host),
    observation: { facts, served: { certificate: server.certificate, demandsClient: true } },
  };
  const seen = shipyard instanceof FakeShipyard ? observed(shipyard) : shipyard;
  const workflow = new FakeWorkflow();
  const clock = new PhaseClock(NOW, workflow);
  const stages = new Stages(rotated, seen, { compromised: false }, clock);
  const plan: NodePlanner = (one, observation) =>
    planNode(one, observation, stages.view(one, observation), fakes.policy, NOW, {
      ...rollout,
      firewall: { kind: 'none' },
    });
  plan(spec, node.observation);
  const { outcomes, registration } = await turnOver(
    [node],
    {
      outcomes: [
        { spec, result: FIRST() },
        ...(other ? [{ spec: fakes.nodeSpec({ name: 'node2' }), result: other }] : []),
      ],
      shipyard: seen,
      registration: { kind: 'none' },
    },
    {
      network: engines(
        { generations: [rotated.generations[0]] },
        () => host.uploaded() ?? server.certificate,
      ),
      request: fakes.request({ nodes: [spec] }),
      runId: RUN_ID,
      isCancelled: () => false,
      ...{ workflow, clock, rollout, plan, stages },
    },
  );
  return {
    result: outcomes[0]?.result,
    handed: registration.kind === 'done' ? registration.outcomes : [],
    steps: journal.map((line) => line.replace('node1 ', '')),
    registration,
    stages,
    waited: [...clock.waited],
  };
}
