import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import type { NodePlan } from '../../../src/plan/node-plan.ts';
import { connectionLost } from '../../support/fake-host.ts';
import { newAuthority, nodeSpec, rollout, serverFor } from '../../support/fakes.ts';
import { applied } from './applied.ts';

let authority: Authority;
let certificate: Certificate;

beforeAll(async () => {
  authority = await newAuthority();
  ({ certificate } = await serverFor(nodeSpec(), authority));
});

test('all nodes are prepared before the first is switched; then one is whole before the next begins', async () => {
  const { outcomes, journal } = await applied(authority, { node1: {}, node2: {} });
  expect(outcomes.map(({ spec, result }) => [spec.name, result.kind])).toEqual([
    ['node1', 'changed'],
    ['node2', 'changed'],
  ]);
  expect(journal.slice(0, 8).filter((line) => line.endsWith('prepare'))).toHaveLength(2);
  expect(journal.slice(8)).toEqual([
    ...['node1 switch', 'node1 confirm', 'node1 release'],
    ...['node2 switch', 'node2 confirm', 'node2 release'],
  ]);
});

describe('the first that fails stops the rollout:', () => {
  test('the rest is not begun, what was prepared is discarded, and all are let go', async () => {
    const { outcomes, stepsOf } = await applied(authority, {
      node1: { answers: { switch: { status: 1 } } },
      node2: {},
      node3: {},
    });
    expect(outcomes).toMatchObject([
      { spec: { name: 'node1' }, result: { kind: 'rolled-back' } },
      { spec: { name: 'node2' }, result: { kind: 'not-begun', reasons: ['missing'] } },
      { spec: { name: 'node3' }, result: { kind: 'not-begun', reasons: ['missing'] } },
    ]);
    expect(stepsOf('node1').slice(4)).toEqual(['switch', 'undo', 'release']);
    for (const name of ['node2', 'node3']) expect(stepsOf(name).slice(4)).toEqual(['discard', 'release']);
  });

  test('also one that is not proved', async () => {
    const { outcomes } = await applied(authority, { node1: { isBroken: true }, node2: {} });
    expect(outcomes.map(({ result }) => result.kind)).toEqual(['rolled-back', 'not-begun']);
  });

  test('unless the others are to go on', async () => {
    const { outcomes } = await applied(
      authority,
      { node1: { isBroken: true }, node2: {} },
      { rollout: { ...rollout, onFailure: 'continue' } },
    );
    expect(outcomes.map(({ result }) => result.kind)).toEqual(['rolled-back', 'changed']);
  });
});

test('once the run is cancelled no node is switched over, and all are let go', async () => {
  const isCancelled = (journal: readonly string[]) => journal.includes('node1 switch');
  const { outcomes, stepsOf } = await applied(authority, { node1: {}, node2: {} }, { isCancelled });
  expect(outcomes.map(({ result }) => result.kind)).toEqual(['changed', 'not-begun']);
  expect(stepsOf('node2').slice(4)).toEqual(['discard', 'release']);
});

test.each([
  ['says no', { status: 1, stderr: 'no space' }, 'the change could not be prepared: no space'],
  ['is lost', connectionLost(), 'ssh: the connection was lost'],
])('a node that %s while it is prepared fails, is let go, and stops nothing', async (_, prepare, message) => {
  const { outcomes, stepsOf } = await applied(authority, { node1: { answers: { prepare } }, node2: {} });
  expect(outcomes).toMatchObject([
    { result: { kind: 'failed', error: { message } } },
    { result: { kind: 'changed' } },
  ]);
  expect(stepsOf('node1').slice(3)).toEqual(['prepare', 'release']);
});

test('what could not be read, and what must not be changed, are failures that stop nothing', async () => {
  const unreadable = new Error('no route to host');
  const refused = new ActionError({ message: 'listen is foreign', hint: 'mend it' });
  const { outcomes, stepsOf } = await applied(authority, {
    node1: { error: unreadable },
    node2: { plan: { kind: 'refuse', error: refused } },
    node3: {},
  });
  expect(outcomes).toMatchObject([
    { spec: { name: 'node1' }, result: { kind: 'failed', error: unreadable } },
    { spec: { name: 'node2' }, result: { kind: 'failed', error: refused } },
    { spec: { name: 'node3' }, result: { kind: 'changed' } },
  ]);
  expect([...stepsOf('node1'), ...stepsOf('node2')]).toEqual([]);
});

describe('a node that is to be kept', () => {
  test('is proved; it is not locked, and no script is run', async () => {
    const { outcomes, journal } = await applied(authority, {
      node1: { plan: kept(certificate.serial), served: certificate },
    });
    expect(outcomes).toMatchObject([
      { result: { kind: 'unchanged', certificate: { serial: certificate.serial } } },
    ]);
    expect(journal).toEqual([]);
  });

  test('but fails on the wire is a failure, and nothing is changed', async () => {
    const { outcomes, journal } = await applied(authority, {
      node1: { plan: kept('dead'), served: certificate },
    });
    expect(outcomes).toMatchObject([
      {
        result: {
          kind: 'failed',
          error: {
            message: `the files are as asked, but the proof failed: the engine serves certificate ${certificate.serial}, expected dead`,
          },
        },
      },
    ]);
    expect(journal).toEqual([]);
  });
});

function kept(serial: string): NodePlan {
  return { kind: 'keep', expected: { kind: 'serves', authority, serial } };
}
