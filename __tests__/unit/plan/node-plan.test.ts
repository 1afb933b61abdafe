import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { planNode, validationText, type NodePlan } from '../../../src/plan/node-plan.ts';
import type { Served } from '../../../src/prove/proof.ts';
import {
  DEBIAN_UNIT,
  installedSet,
  newAuthority,
  nodeFacts,
  nodeSpec,
  NOW,
  policy,
  serverFor,
} from '../../support/fakes.ts';

const spec = nodeSpec();
const nothing: Served = { certificate: undefined, demandsClient: false };
const fresh = nodeFacts();
const override = systemd.service(fresh).override;
const config = daemonConfig(undefined, ['fd://'], spec, true).text;

let authority: Authority;
let server: Identity;
/** What is seen of a node that was converged by an earlier run. */
let converged: NodeFacts;
let served: Served;

beforeAll(async () => {
  authority = await newAuthority();
  server = await serverFor(spec, authority);
  served = { certificate: server.certificate, demandsClient: true };
  converged = nodeFacts({
    unit: `${DEBIAN_UNIT}\n# ${layout.unitOverride}\n${override}`,
    daemonConfig: config,
    installed: installedSet(server, authority),
  });
});

test('a fresh node gets everything', () => {
  expect(plan(fresh, nothing)).toEqual({
    kind: 'change',
    reasons: ['missing'],
    certificate: { kind: 'issue' },
    daemonConfig: config,
    override,
    validateOptions: undefined,
  });
});

test('a converged node is kept', () => {
  expect(plan(converged)).toEqual({ kind: 'keep', serial: server.certificate.serial });
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
  const kept = () => ({ kind: 'keep', set: server.certificate.serial, serial: server.certificate.serial });

  test('config-drift: daemon.json has changed', () => {
    const drifted = config.replace('2376', '2375');
    expect(plan({ ...converged, daemonConfig: drifted })).toEqual({
      kind: 'change',
      reasons: ['config-drift'],
      certificate: kept(),
      daemonConfig: config,
      override: undefined,
      validateOptions: undefined,
    });
  });

  test('config-drift: the packaged unit has changed', () => {
    const unit = converged.unit?.replace('$DOCKER_OPTS\nExecReload', '--new $DOCKER_OPTS\nExecReload');
    expect(plan({ ...converged, unit })).toMatchObject({
      reasons: ['config-drift'],
      certificate: kept(),
      daemonConfig: undefined,
      override: expect.stringContaining('--new $DOCKER_OPTS'),
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
        daemonConfig: undefined,
        override: undefined,
      });
  });

  test('unfinished: an earlier change was not ended', () => {
    expect(plan({ ...converged, unfinished: true })).toMatchObject({
      reasons: ['unfinished'],
      certificate: kept(),
    });
  });
});

test('a new certificate for every reason of the certificate itself; drift is told beside it', () => {
  const installed = converged.installed && { ...converged.installed, publicKey: 'garbage' };
  const result = plan({ ...converged, installed, daemonConfig: undefined });
  expect(result).toMatchObject({ reasons: ['key-mismatch', 'config-drift'], certificate: { kind: 'issue' } });
});

describe('the clock of the node', () => {
  const minutes = (count: number) => ({ ...fresh, now: new Date(NOW.getTime() + count * 60_000) });

  test.each([
    [45, "the node's clock is 45 minutes ahead of the runner's"],
    [-45, "the node's clock is 45 minutes behind the runner's"],
  ])('%d minutes off is refused', (count, message) => {
    expect(refusal(plan(minutes(count), nothing))).toBe(message);
  });

  test.each([5, -5])('%d minutes off is taken', (count) => {
    expect(plan(minutes(count), nothing)).toMatchObject({ kind: 'change' });
  });
});

describe('listen', () => {
  test.each(['10.0.0.11', 'fd00::11'])('%s is an address of the node', (listen) => {
    expect(plan(fresh, nothing, nodeSpec({ listen }))).toMatchObject({ kind: 'change' });
  });

  test('an address of another machine is refused', () => {
    expect(refusal(plan(fresh, nothing, nodeSpec({ listen: '10.0.0.12' })))).toBe(
      'listen: 10.0.0.12 is not an address of the node',
    );
  });
});

describe('running containers', () => {
  const running = (liveRestore: boolean) =>
    nodeFacts({
      runningContainers: ['web', 'db'],
      engine: { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore, swarm: false },
    });

  test('without live-restore are not restarted', () => {
    expect(refusal(plan(running(false), nothing))).toBe(
      'Docker must restart, and 2 running container(s) would stop: web, db',
    );
  });

  test('with live-restore survive', () => {
    expect(plan(running(true), nothing)).toMatchObject({ kind: 'change' });
  });
});

test('what the node itself forbids is a refusal, not an exception', () => {
  expect(refusal(plan({ ...fresh, daemonConfig: '{"tls":true}' }, nothing))).toContain('already sets tls');
  expect(refusal(plan({ ...fresh, systemd: false }, nothing))).toContain('does not run systemd');
});

describe('the text that dockerd validates names the files of the set', () => {
  test('with a new configuration', () => {
    const change = plan(fresh, nothing);
    if (change.kind !== 'change') throw new Error('expected a change');
    expect(validationText(fresh, change, 'ab12')).toContain(`"tlskey": "${layout.sets}/ab12/key.pem"`);
  });

  test('with the configuration that stays', () => {
    const change = plan(converged, nothing);
    if (change.kind !== 'change') throw new Error('expected a change');
    expect(validationText(converged, change, 'ab12')).toContain(`"tlskey": "${layout.sets}/ab12/key.pem"`);
  });
});

function plan(facts: NodeFacts, seen: Served = served, asked = spec): NodePlan {
  return planNode(asked, { facts, served: seen }, authority, policy, NOW);
}

function refusal(result: NodePlan): string | undefined {
  return result.kind === 'refuse' ? result.error.message : undefined;
}
