import { beforeAll, describe, expect, test } from '@jest/globals';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { ApplyRequest } from '../../../src/inputs/request.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import { planCluster } from '../../../src/plan/plan-cluster.ts';
import { clusterRecord, planDigest } from '../../../src/plan/plan-record.ts';
import { reportPlan } from '../../../src/report/plan-report.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import * as fakes from '../../support/fakes.ts';

const spec = fakes.nodeSpec();
let authority: Authority;
let good: Engine;
let gone: Engine;
let stranger: Identity;
let strangers: Authority;

beforeAll(async () => {
  [authority, strangers] = await Promise.all([fakes.newAuthority(), fakes.newAuthority()]);
  const { certificate: client } = await fakes.clientFor('node1', authority);
  good = listed({ client, trusted: trustedCertificates(authority) });
  gone = { ...good, id: 'gone', name: 'gone', addr: 'https://10.0.0.99:2376' };
  stranger = await fakes.serverFor(spec, strangers);
});

describe('with prune the plan has the engines that go', () => {
  test('ours that no entry of the inventory has, and no other; without prune none', () => {
    const theirs = { ...gone, id: 'theirs', name: 'theirs', client: undefined };
    expect(record(reached(good, gone, theirs), { prune: true }).shipyard).toEqual({
      ...{ action: 'change', steps: ['prune gone https://10.0.0.99:2376'], reasons: ['unasked'] },
    });
    expect(record(reached(good, gone, theirs)).shipyard).toBeUndefined();
    expect(record(reached(good, theirs), { prune: true }).shipyard).toBeUndefined();
  });

  test('so that the digest is another one with each of them, in whatever order they are listed', () => {
    const other = { ...gone, id: 'other', addr: 'https://10.0.0.98:2376' };
    const digest = (...engines: readonly Engine[]) =>
      planDigest(record(reached(good, ...engines), { prune: true }));
    expect(digest(gone)).not.toBe(digest());
    expect(digest(gone, other)).not.toBe(digest(gone));
    expect(digest(gone, other)).toBe(digest(other, gone));
  });

  test('and none where a node cannot be brought to what was asked: apply leaves it out then', () => {
    const unread: ObservedNode = { kind: 'unreachable', spec, error: new Error('no answer') };
    expect(record(reached(good, gone), { prune: true }, [unread]).shipyard).toBeUndefined();
    const late = fakes.reachedNode(spec, { now: fakes.daysFrom(fakes.NOW, 1) });
    expect(record(reached(good, gone), { prune: true }, [late]).shipyard).toBeUndefined();
    const taken = { ...good, client: undefined, addr: 'https://10.9.9.9:2376' };
    expect(record(reached(taken, gone), { prune: true }).shipyard).toBeUndefined();
  });
});

describe('what is left to do to Shipyard itself is in the plan', () => {
  test('a published password, which is replaced', () => {
    const { shipyard } = record({ ...reached(good), isPublished: true } as ObservedShipyard);
    expect(shipyard).toEqual({ action: 'change', steps: ['replace-password'], reasons: [] });
  });

  test('an empty master, on which it is started, and then lists nothing', async () => {
    const absent: ObservedShipyard = { kind: 'unreachable', error: new Error('nobody'), isStartable: true };
    const { nodes, shipyard } = record(absent);
    expect(shipyard).toEqual({ action: 'change', steps: ['start-shipyard'], reasons: [] });
    expect(nodes).toMatchObject([{ engine: { steps: ['add-engine'], reasons: ['unregistered'] } }]);
    const workflow = new FakeWorkflow();
    expect(await reportPlan(workflow, planned(absent), absent)).toBe(true);
    expect(workflow.log).toContain('info Shipyard: change: start-shipyard');
  });

  test('one that does not answer otherwise is none, and makes the plan red', async () => {
    const unread: ObservedShipyard = { kind: 'unreachable', error: new Error('no answer') };
    expect(record(unread).shipyard).toBeUndefined();
    expect(await reportPlan(new FakeWorkflow(), planned(unread), unread)).toBe(false);
  });
});

test('it is reported as the last entry, in log and summary, and what engines call themselves is data', async () => {
  const workflow = new FakeWorkflow();
  const hostile = { ...gone, name: '<img src=x>\n::error::forged' };
  const shipyard = reached(good, hostile);
  expect(await reportPlan(workflow, planned(shipyard, { prune: true }), shipyard)).toBe(true);
  const output = JSON.parse(workflow.outputs.get('plan') ?? '') as readonly object[];
  expect(output).toHaveLength(2);
  expect(output[1]).toEqual({
    shipyard: {
      ...{ action: 'change', reasons: ['unasked'] },
      steps: [`prune ${hostile.name} https://10.0.0.99:2376`],
    },
  });
  expect(workflow.log).toContain(
    'info Shipyard: change (unasked): prune <img src=x> | ::error::forged https://10.0.0.99:2376',
  );
  expect(workflow.summaries.join()).toContain(
    'Shipyard itself: change (unasked): prune &#60;img src=x&#62; &#124; ::error::forged',
  );
});

test('consent to a CA in the place of another one is part of the plan, as it is of apply', () => {
  const facts: NodeFacts = fakes.nodeFacts({
    ...{ systemd: false, unit: undefined, socketUnit: undefined },
    initScript: 'start-stop-daemon --start --exec "$DOCKERD" -- $DOCKER_OPTS\n',
    defaults:
      'DOCKER_OPTS="--tlsverify -H=unix:///var/run/docker.sock -H=node1:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem --label name=node1"\n',
    guideCa: strangers.generations[0].certificate.pem,
  });
  const served = { certificate: stranger.certificate, demandsClient: true };
  const node = { ...fakes.reachedNode(spec), observation: { facts, served } };
  const { keyId } = strangers.generations[0].certificate;
  const actions = [[], [keyId]].map(
    (replaceCa) => record({ kind: 'none' }, { replaceCa }, [node]).nodes[0]?.action,
  );
  expect(actions).toEqual(['refuse', 'change']);
});

function planned(
  shipyard: ObservedShipyard,
  fields: Partial<ApplyRequest> = {},
  nodes: readonly ObservedNode[] = [fakes.reachedNode(spec)],
) {
  return planCluster({ nodes, shipyard }, authority, fakes.request({ nodes: [spec], ...fields }), fakes.NOW);
}

function record(...asked: Parameters<typeof planned>) {
  return clusterRecord(planned(...asked));
}

function reached(...engines: readonly Engine[]): ObservedShipyard {
  return { kind: 'reached', engines } as unknown as ObservedShipyard;
}
