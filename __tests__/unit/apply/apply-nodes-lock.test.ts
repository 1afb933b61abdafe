import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { LOST } from '../../../src/node/undo-script.ts';
import type { NodePlan } from '../../../src/plan/node-plan.ts';
import {
  DEBIAN_UNIT,
  installedSet,
  newAuthority,
  nodeFacts,
  nodeSpec,
  serverFor,
} from '../../support/fakes.ts';
import { applied } from './applied.ts';

let authority: Authority;
let certificate: Certificate;
/** The facts of a node on which nothing is to be done. */
let converged: Partial<NodeFacts>;

beforeAll(async () => {
  authority = await newAuthority();
  const server = await serverFor(nodeSpec(), authority);
  ({ certificate } = server);
  const fresh = nodeFacts();
  converged = {
    unit: `${DEBIAN_UNIT}\n# ${layout.unitOverride}\n${systemd.service(fresh, nodeSpec()).files['override.conf'] ?? ''}`,
    daemonConfig: daemonConfig(fresh, { hosts: ['fd://'], labels: [] }, nodeSpec()).text,
    recoverUnit: systemd.recovery.text.trim(),
    installed: installedSet(server, authority),
    origin: '{}',
  };
});

test('a node is locked before anything else, read again, prepared, switched over and let go', async () => {
  const { outcomes, log, journal } = await applied(authority, { node1: {} });
  expect(outcomes).toMatchObject([{ result: { kind: 'changed', reasons: ['missing'] } }]);
  expect(journal).toEqual(
    ['lock', 'facts', 'upload', 'prepare', 'switch', 'confirm', 'release'].map((step) => `node1 ${step}`),
  );
  expect(log).toEqual([
    'info [node1] -H fd:// moves from /lib/systemd/system/docker.service to hosts in /etc/docker/daemon.json',
    'info [node1] switching over and restarting Docker (missing)',
  ]);
});

test('a node that another run has locked fails, and nothing is done to it', async () => {
  const { outcomes, stepsOf } = await applied(authority, { node1: { firstLine: 'held runs/8' }, node2: {} });
  expect(outcomes).toMatchObject([
    { result: { kind: 'failed', error: { message: 'another run is changing the node: runs/8' } } },
    { result: { kind: 'changed' } },
  ]);
  expect(stepsOf('node1')).toEqual(['lock', 'release']);
});

describe('a node that was changed by another run in the meantime', () => {
  test('is unchanged where nothing is left to do', async () => {
    const { outcomes, stepsOf } = await applied(authority, {
      node1: { reread: converged, served: certificate },
    });
    expect(outcomes).toMatchObject([
      { result: { kind: 'unchanged', certificate: { serial: certificate.serial } } },
    ]);
    expect(stepsOf('node1')).toEqual(['lock', 'facts', 'release']);
  });

  test('is changed by what is left to do', async () => {
    const { outcomes } = await applied(authority, {
      node1: { reread: { ...converged, recoverUnit: undefined }, served: certificate },
    });
    expect(outcomes).toMatchObject([{ result: { kind: 'changed', reasons: ['config-drift'] } }]);
  });

  test('fails where it must not be changed any more', async () => {
    const { outcomes, stepsOf } = await applied(authority, { node1: { reread: { daemonConfig: '{' } } });
    expect(outcomes).toMatchObject([{ result: { kind: 'failed', error: { name: 'ActionError' } } }]);
    expect(stepsOf('node1')).toEqual(['lock', 'facts', 'release']);
  });
});

describe('a change that an earlier run left in the middle', () => {
  test.each([
    ['undone', {}],
    ['found undone by the node itself', { status: LOST }],
  ])('is %s before anything else', async (_, undo) => {
    const { outcomes, log, stepsOf } = await applied(authority, {
      node1: { transaction: 'pending', answers: { undo } },
    });
    expect(outcomes).toMatchObject([{ result: { kind: 'changed' } }]);
    expect(stepsOf('node1').slice(0, 5)).toEqual(['lock', 'facts', 'undo', 'facts', 'upload']);
    expect(log[0]).toBe(
      'warning [node1] an earlier change was neither confirmed nor undone; undoing it first',
    );
  });

  test.each<[NodePlan['kind'], () => NodePlan]>([
    ['keep', () => ({ kind: 'keep', expected: { kind: 'serves', authority, serial: 'dead' } })],
    ['refuse', () => ({ kind: 'refuse', error: new ActionError({ message: 'clash', hint: '' }) })],
  ])('is undone also where the plan, made before that, is to %s', async (_, made) => {
    const plan = made();
    const { outcomes, stepsOf } = await applied(authority, { node1: { transaction: 'undoing', plan } });
    expect(outcomes).toMatchObject([{ result: { kind: 'changed' } }]);
    expect(stepsOf('node1')).toContain('undo');
  });

  test('and cannot be undone fails, and the node is let go', async () => {
    const { outcomes, stepsOf } = await applied(authority, {
      node1: { transaction: 'pending', answers: { undo: { status: 1, stderr: 'disk\nfull' } } },
    });
    expect(outcomes).toMatchObject([
      {
        result: {
          kind: 'failed',
          error: { message: 'an earlier change could not be undone: disk | full' },
        },
      },
    ]);
    expect(stepsOf('node1')).toEqual(['lock', 'facts', 'undo', 'release']);
  });

  test('and the node itself has undone by the time that it is locked needs no undo', async () => {
    const { outcomes, log, stepsOf } = await applied(authority, {
      node1: { transaction: 'pending', reread: { transaction: 'none' } },
    });
    expect(outcomes).toMatchObject([{ result: { kind: 'changed' } }]);
    expect(stepsOf('node1').slice(0, 3)).toEqual(['lock', 'facts', 'upload']);
    expect(log).not.toContainEqual(expect.stringContaining('warning'));
  });
});

test('a change that another run began after the node was read, and left in the middle, is undone under the lock', async () => {
  const { outcomes, stepsOf } = await applied(authority, {
    node1: { transaction: 'pending', seen: { transaction: 'none' } },
  });
  expect(outcomes).toMatchObject([{ result: { kind: 'changed' } }]);
  expect(stepsOf('node1').slice(0, 5)).toEqual(['lock', 'facts', 'undo', 'facts', 'upload']);
});
