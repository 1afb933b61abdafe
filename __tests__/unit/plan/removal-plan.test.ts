import { describe, expect, test } from '@jest/globals';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { layout } from '../../../src/node/layout.ts';
import { originRecord } from '../../../src/node/origin.ts';
import { systemd } from '../../../src/node/systemd.ts';
import type { NodeChange, NodePlan } from '../../../src/plan/node-plan.ts';
import { planRemoval } from '../../../src/plan/removal-plan.ts';
import { DEBIAN_UNIT, firewallFacts, nodeFacts, nodeSpec } from '../../support/fakes.ts';

const spec = nodeSpec();
const engine = { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: true, swarm: false };

/** A node that was set up, and had this daemon.json before. */
function setUp(before: string | undefined, fields: Partial<NodeFacts> = {}): NodeFacts {
  const facts = nodeFacts({ daemonConfig: before, defaults: fields.defaults });
  const service = systemd.service(facts, spec);
  return nodeFacts({
    unit: `${DEBIAN_UNIT}\n# ${layout.unitOverride}\n${service.files['override.conf'] ?? ''}`,
    daemonConfig: daemonConfig(facts, service, spec).text,
    recoverUnit: systemd.recovery.text.trim(),
    engine,
    origin: originRecord(facts, service),
    traces: [layout.base, layout.unitOverride, layout.recoverUnit, layout.daemonConfig],
    ...fields,
    defaults: service.files['default-docker'],
  });
}

function plan(facts: NodeFacts, allowContainerRestart = false): NodePlan {
  const served = { certificate: undefined, demandsClient: true };
  return planRemoval(spec, { facts, served }, { allowContainerRestart });
}

function change(facts: NodeFacts, allowContainerRestart = false): NodeChange {
  const found = plan(facts, allowContainerRestart);
  if (found.kind !== 'change') throw new Error(`expected a change, not ${JSON.stringify(found)}`);
  return found;
}

test('a node that began without a file: the daemon restarts with live-restore, gives it up, and the file goes', () => {
  expect(plan(setUp(undefined))).toEqual({
    kind: 'change',
    reasons: ['removal'],
    restart: true,
    certificate: { kind: 'none', expected: { kind: 'closed' } },
    files: { 'daemon.json': '{\n  "live-restore": true\n}\n' },
    gone: ['override.conf', 'firewall.sh', 'firewall.service'],
    survival: { kind: 'on' },
    settle: { reload: '{\n  "live-restore": false\n}\n', final: undefined },
    notes: [],
    validateOptions: undefined,
  });
});

test('a node that had live-restore gets its file back at once', () => {
  const before = '{"live-restore":true, "debug":true}';
  const { files, settle } = change(setUp(before));
  expect(files).toEqual({ 'daemon.json': before });
  expect(settle).toBeUndefined();
});

describe('a node whose service takes options from a file', () => {
  const defaults = 'DOCKER_OPTS="-H unix:///run/second.sock --label rack=3"\n';

  test('gets that without our block, and daemon.json without what had moved there', () => {
    expect(change(setUp('{"live-restore":true}', { defaults, canValidate: true }))).toMatchObject({
      files: { 'daemon.json': '{"live-restore":true}', 'default-docker': defaults },
      gone: ['override.conf', 'firewall.sh', 'firewall.service'],
      validateOptions: expect.arrayContaining([
        '-H',
        'fd://',
        'unix:///run/second.sock',
        '--label',
        'rack=3',
      ]),
    });
  });

  test('which switch live-restore on: the file does not have it beside them', () => {
    const { files, gone, settle } = change(setUp(undefined, { defaults: 'DOCKER_OPTS="--live-restore"\n' }));
    expect(files).toEqual({ 'default-docker': 'DOCKER_OPTS="--live-restore"\n' });
    expect([gone, settle]).toEqual([
      ['daemon.json', 'override.conf', 'firewall.sh', 'firewall.service'],
      undefined,
    ]);
  });
});

test('a daemon whose live-restore somebody has switched off gets it for the restart', () => {
  const facts = setUp(undefined, { engine: { ...engine, liveRestore: false } });
  expect(change(facts)).toMatchObject({ survival: { kind: 'switch-on' }, settle: { final: undefined } });
});

test('a daemon that has stopped may have containers that live: it starts with live-restore', () => {
  const facts = setUp(undefined, { engine: undefined, daemonActive: false });
  expect(change(facts)).toMatchObject({ survival: { kind: 'none' }, settle: { final: undefined } });
});

test('dockerd validates with the packaged command line, listeners included', () => {
  expect(change(setUp(undefined, { canValidate: true })).validateOptions).toEqual([
    '--containerd=/run/containerd/containerd.sock',
    '-H',
    'fd://',
  ]);
});

test.each([
  ['nothing', {}],
  ['a daemon.json that nobody can read', { daemonConfig: '{' }],
  ['an init system that is not supported', { systemd: false, unit: undefined }],
])('a node with nothing of ours is kept, whatever else it has: %s', (_, fields) => {
  expect(plan(nodeFacts(fields))).toEqual({ kind: 'keep' });
});

describe('Docker is not restarted', () => {
  const left = (fields: Partial<NodeFacts>) =>
    change(nodeFacts({ daemonConfig: '{"debug":true}\n', engine, runningContainers: ['web'], ...fields }));

  test('for what a removal left that was cut off at its very end', () => {
    expect(left({ traces: [layout.base, layout.recoverUnit] })).toMatchObject({
      restart: false,
      files: { 'daemon.json': '{"debug":true}\n' },
      survival: { kind: 'not-needed' },
    });
  });

  test('for rules in the kernel whose files are gone', () => {
    const { firewall } = nodeFacts();
    const found = left({ traces: [], firewall: { ...firewall, nftTable: '{"nftables":[]}' } });
    expect(found).toMatchObject({ restart: false, filter: expect.stringContaining('takeOff') });
  });
});

test('a node that cannot be locked is refused, but not where there is nothing to do', () => {
  expect(plan(setUp(undefined, { flock: false }))).toMatchObject({
    kind: 'refuse',
    error: { message: expect.stringContaining('flock is not installed') },
  });
  expect(plan(nodeFacts({ flock: false }))).toEqual({ kind: 'keep' });
});

describe('where live-restore cannot be had', () => {
  const swarm = { engine: { ...engine, liveRestore: false, swarm: true } };

  test('running containers are a refusal', () => {
    expect(plan(setUp(undefined, { ...swarm, runningContainers: ['web'] }))).toMatchObject({
      kind: 'refuse',
      error: { message: 'Docker must restart, and 1 running container(s) would stop: web' },
    });
  });

  test('the file comes back at once, with a word on what stops', () => {
    const facts = setUp('{"debug":true}', { ...swarm, runningContainers: ['web'] });
    expect(
      change({ ...facts, daemonConfig: facts.daemonConfig?.replace(/,\s*"live-restore": true/, '') }, true),
    ).toMatchObject({
      files: { 'daemon.json': '{"debug":true}' },
      survival: { kind: 'none' },
      notes: ['running container(s) will stop: web'],
    });
  });
});

test('what listened on the port before us is to be served again', () => {
  const before = { tlsverify: true, tlscacert: '/old/ca', tlscert: '/old/cert', tlskey: '/old/key' };
  const origin = JSON.stringify({
    version: 1,
    existed: true,
    'daemon.json': { hosts: ['fd://', 'tcp://0.0.0.0:2376'], ...before, 'live-restore': null, labels: null },
    flags: { '-H': [] },
  });
  const unit = `${DEBIAN_UNIT.replace('-H fd://', '')}\n`;
  expect(change(setUp('{}', { origin, unit })).certificate).toEqual({
    kind: 'none',
    expected: { kind: 'former' },
  });
});

test('a lost record is told, and so is what somebody has changed', () => {
  expect(change(setUp(undefined, { origin: undefined })).notes).toEqual([
    expect.stringMatching(
      /origin\.json, the record of what the node had before, is lost: only what is certainly/,
    ),
  ]);
  const edited = setUp('{"live-restore":true}');
  const off = edited.daemonConfig?.replace('"live-restore": true', '"live-restore": false');
  expect(change({ ...edited, daemonConfig: off }).notes).toEqual([
    expect.stringContaining('live-restore was changed by somebody else'),
  ]);
});

test('a record that cannot be read, and a conflict of the service, are refusals', () => {
  expect(plan(setUp(undefined, { origin: 'garbled' }))).toMatchObject({ kind: 'refuse' });
  const unit = DEBIAN_UNIT.replace('-H fd://', '-H tcp://0.0.0.0:2375');
  expect(plan(setUp(undefined, { unit }))).toMatchObject({ kind: 'refuse' });
});

describe('a node with firewall rules of ours', () => {
  const left = { script: '# rules', bootUnit: '[Unit]', bootEnabled: true };

  test('loses them by a script that takes them off, and its files with the switch', () => {
    const found = change(setUp(undefined, { firewall: firewallFacts(left) }));
    expect(found.filter).toContain('unload');
    expect(found.gone).toEqual(['override.conf', 'firewall.sh', 'firewall.service']);
    expect(found.restart).toBe(true);
  });

  test('and one without them gets no such script', () => {
    expect(change(setUp(undefined))).not.toHaveProperty('filter');
  });
});
