import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import { layout } from '../../../src/node/layout.ts';
import { originRecord } from '../../../src/node/origin.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { planNode, validationText, type NodeChange, type NodePlan } from '../../../src/plan/node-plan.ts';
import type { Served } from '../../../src/prove/proof.ts';
import { convergedFacts } from './converged.ts';
import {
  installedSet,
  newAuthority,
  nodeFacts,
  nodeSpec,
  NOW,
  policy,
  serverFor,
} from '../../support/fakes.ts';
import { ownOptions } from '../../support/own-options.ts';

const spec = nodeSpec();
const nothing: Served = { certificate: undefined, demandsClient: false };
const fresh = nodeFacts();
const LIVE_RESTORE = '{\n  "live-restore": true\n}\n';
const override = systemd.service(fresh, spec).files['override.conf'];
const config = daemonConfig(fresh, { hosts: ['fd://'], labels: [] }, spec).text;
const liveRestore = { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: true, swarm: false };

let authority: Authority;
let server: Identity;
/** What is seen of a node that was converged by an earlier run. */
let converged: NodeFacts;
let served: Served;

beforeAll(async () => {
  authority = await newAuthority();
  server = await serverFor(spec, authority);
  served = { certificate: server.certificate, demandsClient: true };
  converged = convergedFacts(spec, installedSet(server, authority));
});

test('a fresh node gets everything', () => {
  expect(plan(fresh, nothing)).toEqual({
    kind: 'change',
    reasons: ['missing'],
    restart: true,
    certificate: { kind: 'issue', authority, policy },
    files: {
      'daemon.json': config,
      'override.conf': override,
      'recover.service': systemd.recovery.text,
      'origin.json': originRecord(fresh, ownOptions(['fd://'])),
    },
    survival: {
      ...{ kind: 'switch-on', survive: LIVE_RESTORE, restart: LIVE_RESTORE },
      release: LIVE_RESTORE.replace('true', 'false'),
    },
    notes: ['-H fd:// moves from /lib/systemd/system/docker.service to hosts in /etc/docker/daemon.json'],
    validateOptions: undefined,
  });
});

test('a converged node is kept', () => {
  expect(plan(converged)).toEqual({
    kind: 'keep',
    expected: { kind: 'serves', authority, serial: server.certificate.serial },
  });
});

test('containers do not matter where nothing is to be done', () => {
  expect(plan({ ...converged, runningContainers: ['web'] })).toMatchObject({ kind: 'keep' });
});

test('dockerd validates with the options of its own unit, where it can', () => {
  expect(plan({ ...fresh, canValidate: true }, nothing)).toMatchObject({
    validateOptions: ['--containerd=/run/containerd/containerd.sock'],
  });
});

describe('the installed certificate is used further, and', () => {
  const kept = () => ({
    kind: 'keep',
    authority,
    set: server.certificate.serial,
    serial: server.certificate.serial,
  });

  test('config-drift: daemon.json has changed', () => {
    const drifted = config.replace('2376', '2375');
    expect(plan({ ...converged, daemonConfig: drifted })).toEqual({
      kind: 'change',
      reasons: ['config-drift'],
      restart: true,
      certificate: kept(),
      files: { 'daemon.json': config },
      survival: { kind: 'on' },
      notes: ['/etc/docker/daemon.json had hosts: tcp://[::]:2375, which the action replaces'],
      validateOptions: undefined,
    });
  });

  test('config-drift: the packaged unit has changed', () => {
    const unit = converged.unit?.replace('$DOCKER_OPTS\nExecReload', '--new $DOCKER_OPTS\nExecReload');
    expect(plan({ ...converged, unit })).toMatchObject({
      reasons: ['config-drift'],
      certificate: kept(),
    });
    expect(files(plan({ ...converged, unit }))).toEqual({
      'override.conf': expect.stringContaining('--new $DOCKER_OPTS'),
    });
  });

  test.each([undefined, '[Unit]\nDescription=Another'])(
    'config-drift: the unit that undoes at boot is %j',
    (recoverUnit) => {
      expect(plan({ ...converged, recoverUnit })).toMatchObject({
        reasons: ['config-drift'],
        certificate: kept(),
      });
      expect(files(plan({ ...converged, recoverUnit }))).toEqual({
        'recover.service': systemd.recovery.text,
      });
    },
  );

  test('config-drift: live-restore was taken out', () => {
    const without = config.replace(',\n  "live-restore": true', '');
    const engine = { ...liveRestore, liveRestore: false };
    expect(plan({ ...converged, daemonConfig: without, engine })).toMatchObject({
      reasons: ['config-drift'],
      files: { 'daemon.json': config },
      survival: { kind: 'switch-on', survive: config },
    });
  });

  test('served-differs: the port serves nothing, another certificate, or whoever comes', async () => {
    const other = await serverFor(spec, authority);
    for (const seen of [
      nothing,
      { certificate: other.certificate, demandsClient: true },
      { certificate: server.certificate, demandsClient: false },
    ])
      expect(plan(converged, seen)).toMatchObject({
        reasons: ['served-differs'],
        certificate: kept(),
      });
    expect(files(plan(converged, nothing))).toEqual({});
  });
});

test('what was there before us is recorded once', () => {
  expect(files(plan({ ...converged, daemonConfig: undefined }))).toEqual({ 'daemon.json': config });
  expect(plan({ ...converged, origin: undefined })).toMatchObject({ kind: 'keep' });
});

test.each(['pending', 'undoing'] as const)('a change that is %s does not matter here', (transaction) => {
  expect(plan({ ...converged, transaction })).toMatchObject({ kind: 'keep' });
});

test('what is taken over is told, of the service and of daemon.json', () => {
  expect(plan({ ...fresh, daemonConfig: '{"labels":["name=old"]}' }, nothing)).toMatchObject({
    notes: [
      '-H fd:// moves from /lib/systemd/system/docker.service to hosts in /etc/docker/daemon.json',
      '/etc/docker/daemon.json had labels: name=old, which the action replaces',
    ],
  });
});

test('what was taken over before is not told again by a renewal', () => {
  const change = planNode(
    spec,
    { facts: converged, served },
    authority,
    { ...policy, forceRenew: 'all' },
    NOW,
    { allowContainerRestart: false, firewall: { kind: 'none' } },
  );
  expect(change).toMatchObject({ kind: 'change', reasons: ['forced'], notes: [] });
});

test('a new certificate for every reason of the certificate itself; drift is told beside it', () => {
  const installed = converged.installed && { ...converged.installed, publicKey: 'garbage' };
  const result = plan({ ...converged, installed, daemonConfig: undefined });
  expect(result).toMatchObject({ reasons: ['key-mismatch', 'config-drift'], certificate: { kind: 'issue' } });
});

describe('the text that dockerd validates names the files of the set', () => {
  test('with a new configuration', () => {
    const change = changeOf(plan(fresh, nothing));
    expect(validationText(fresh, change, 'ab12')).toContain(`"tlskey": "${layout.sets}/ab12/key.pem"`);
  });

  test('with the configuration that stays', () => {
    const change = changeOf(plan(converged, nothing));
    expect(validationText(converged, change, 'ab12')).toContain(`"tlskey": "${layout.sets}/ab12/key.pem"`);
  });
});

test('the unit that undoes at boot is put back without a restart', () => {
  expect(plan({ ...converged, recoverUnit: undefined })).toMatchObject({
    reasons: ['config-drift'],
    restart: false,
  });
});

function plan(facts: NodeFacts, seen: Served = served): NodePlan {
  const options = { allowContainerRestart: false, firewall: { kind: 'none' } } as const;
  return planNode(spec, { facts, served: seen }, authority, policy, NOW, options);
}

function changeOf(result: NodePlan): NodeChange {
  if (result.kind !== 'change') throw new Error('expected a change');
  return result;
}

function files(result: NodePlan): NodeChange['files'] {
  return changeOf(result).files;
}
