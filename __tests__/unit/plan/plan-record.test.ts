import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import { publicAuthority } from '../../../src/authority/public-authority.ts';
import { ActionError } from '../../../src/errors.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import { planCluster, refuseOtherPlan } from '../../../src/plan/plan-cluster.ts';
import { clusterRecord, planDigest, type ClusterPlan } from '../../../src/plan/plan-record.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { reportPlan } from '../../../src/report/plan-report.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { daysFrom, newAuthority, nodeSpec, NOW, reachedNode, request } from '../../support/fakes.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
const none: ObservedShipyard = { kind: 'none' };
let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
});

const FIRST_STEPS = [
  'issue-certificate',
  'write daemon.json',
  'write override.conf',
  'write recover.service',
  'write origin.json',
  'switch-on-live-restore',
  'restart-docker',
];

test('the steps and reasons of each node, without a key of the authority', () => {
  const bare = publicAuthority('ca-certificate', authority.generations[0].certificate.pem, NOW);
  const error = new ActionError({ message: 'no answer', hint: 'look' });
  const plan = planCluster(
    { nodes: [reachedNode(node1), { kind: 'unreachable', spec: node2, error }], shipyard: reached() },
    bare,
    request(),
    NOW,
  );
  expect(clusterRecord(plan).nodes).toEqual([
    {
      ...{ name: 'node1', action: 'change', steps: FIRST_STEPS, reasons: ['missing'] },
      engine: { action: 'change', steps: ['add-engine'], reasons: ['unregistered'] },
    },
    { name: 'node2', action: 'unreachable', steps: [], reasons: [] },
  ]);
});

describe('the digest', () => {
  test('is of the plan alone: neither time, nor the order of the inventory, nor a container changes it', () => {
    const first = digest([reachedNode(node1), reachedNode(node2)]);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(digest([reachedNode(node1), reachedNode(node2)], daysFrom(NOW, 0.01))).toBe(first);
    expect(digest([reachedNode(node2), reachedNode(node1)])).toBe(first);
    expect(digest([reachedNode(node1, { runningContainers: ['web'] }), reachedNode(node2)])).toBe(first);
  });

  test.each<[string, Partial<NodeFacts>]>([
    ['a change in progress', { transaction: 'pending' }],
    ['a daemon that has live-restore', { engine: engine(true), daemonConfig: '{"live-restore": true}' }],
    ['a clock that is wrong', { now: daysFrom(NOW, 1) }],
  ])('is another one with %s', (_, facts) => {
    expect(digest([reachedNode(node1, facts)])).not.toBe(digest([reachedNode(node1)]));
  });

  test('is another one without a node, and where Shipyard cannot be read', () => {
    const both = digest([reachedNode(node1), reachedNode(node2)]);
    expect(digest([reachedNode(node1)])).not.toBe(both);
    const unread: ObservedShipyard = { kind: 'unreachable', error: new Error('no answer') };
    expect(digest([reachedNode(node1), reachedNode(node2)], NOW, unread)).not.toBe(both);
  });

  test('lets apply go on where it is the same, and stops it with what is due where it is not', () => {
    const plan = planned([reachedNode(node1)]);
    expect(() => refuseOtherPlan(plan, digest([reachedNode(node1)]))).not.toThrow();
    expect(() => refuseOtherPlan(plan, digest([reachedNode(node2)]))).toThrow(
      /^what would be done now is not what was planned .* due now: node1 missing$/,
    );
  });
});

test('the report says it as log, outputs and summary, and is red where a node could not be planned', async () => {
  const workflow = new FakeWorkflow();
  const error = new ActionError({ message: 'no <b>answer</b>', hint: 'look' });
  const plan = planned([reachedNode(node1), { kind: 'unreachable', spec: node2, error }]);
  expect(await reportPlan(workflow, plan, none)).toBe(false);
  expect(await reportPlan(new FakeWorkflow(), planned([reachedNode(node1)]), none)).toBe(true);
  const note = '-H fd:// moves from /lib/systemd/system/docker.service to hosts in /etc/docker/daemon.json';
  expect(workflow.log).toEqual([
    `info [node1] ${note}`,
    `info [node1] change (missing): ${FIRST_STEPS.join(', ')}`,
    'error [node2] no <b>answer</b>\nhint: look',
    `info plan-digest: ${planDigest(clusterRecord(plan))}`,
  ]);
  expect(JSON.parse(workflow.outputs.get('plan') ?? '')).toEqual([
    { name: 'node1', action: 'change', steps: FIRST_STEPS, reasons: ['missing'], notes: [note] },
    {
      ...{ name: 'node2', action: 'unreachable', steps: [], reasons: [], notes: [] },
      errors: ['no <b>answer</b>\nhint: look'],
    },
  ]);
  expect(workflow.outputs.get('changed')).toBe('false');
  expect(workflow.summaries.join()).toContain('| node2 | unreachable |  |  |  | no &#60;b&#62;answer');
});

function planned(nodes: readonly ObservedNode[], now = NOW, shipyard = none): ClusterPlan {
  return planCluster({ nodes, shipyard }, authority, request(), now);
}

function digest(nodes: readonly ObservedNode[], now = NOW, shipyard = none): string {
  return planDigest(clusterRecord(planned(nodes, now, shipyard)));
}

function reached(): ObservedShipyard {
  return { kind: 'reached', engines: [] } as unknown as ObservedShipyard;
}

function engine(liveRestore: boolean): NodeFacts['engine'] {
  return { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore, swarm: false };
}
