import { beforeAll, describe, expect, test } from '@jest/globals';
import type { EngineOutcome, NodeOutcome, RegistrationOutcome } from '../../../src/apply/outcome.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import { report } from '../../../src/report/report.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { newAuthority, nodeSpec, NOW, serverFor } from '../../support/fakes.ts';

const spec = nodeSpec();
const error = new ActionError({ message: 'no route', hint: 'look at the cable' });
const none: RegistrationOutcome = { kind: 'none' };
let certificate: Certificate;

beforeAll(async () => {
  ({ certificate } = await serverFor(spec, await newAuthority()));
});

describe('all is well, and the log says so', () => {
  test('without Shipyard', async () => {
    expect(
      await reported({ kind: 'changed', reasons: ['missing'], certificate, lostContainers: [] }),
    ).toEqual({
      well: true,
      log: [
        `info [node1] changed (missing); certificate ${certificate.serial} ends 2030-11-28T12:00:00.000Z, 180 days left`,
        'info Shipyard was left alone: neither shipyard-url nor shipyard-master is set',
      ],
    });
  });

  test('with a node that was given back, and one that had nothing of ours', async () => {
    expect(await reported({ kind: 'removed', reasons: ['removal'], lostContainers: ['web'] })).toMatchObject({
      well: true,
      log: [
        'warning [node1] containers that did not keep their process: web',
        'info [node1] removed (removal); the node has nothing of the action',
        expect.stringContaining('Shipyard was left alone'),
      ],
    });
    const { well, log } = await reported({ kind: 'unchanged' });
    expect([well, log[0]]).toEqual([true, 'info [node1] unchanged; the node has nothing of the action']);
  });

  test('but for containers, whose names are data', async () => {
    const lostContainers = ['web', '##[add-mask]x'];
    const { well, log } = await reported({
      kind: 'changed',
      reasons: ['missing'],
      certificate,
      lostContainers,
    });
    expect(well).toBe(true);
    expect(log[0]).toBe('warning [node1] containers that did not keep their process: web, #_[add-mask]x');
  });

  test('with Shipyard', async () => {
    const result = await reported(
      { kind: 'unchanged', certificate },
      done({ kind: 'changed', reasons: ['expiring'] }),
    );
    expect(result).toMatchObject({
      well: true,
      log: [expect.stringContaining('[node1] unchanged;'), 'info [node1] engine changed (expiring)'],
    });
  });
});

test('an engine that was registered is told of beside what failed of Shipyard as a whole', async () => {
  const registration = { ...done({ kind: 'changed', reasons: ['unregistered'] }), faults: [error] };
  expect(await reported({ kind: 'unchanged', certificate }, registration)).toEqual({
    well: false,
    log: [
      expect.stringContaining('[node1] unchanged;'),
      'info [node1] engine changed (unregistered)',
      'error no route\nhint: look at the cable',
    ],
  });
});

describe('not all is well', () => {
  test.each([
    ['a node failed', { kind: 'failed', error }, 'error [node1] failed: no route\nhint: look at the cable'],
    [
      'a node was put back',
      { kind: 'rolled-back', reasons: ['expiring'], error, lostContainers: [] },
      'error [node1] rolled-back: no route\nhint: look at the cable',
    ],
    [
      'a node was not begun',
      { kind: 'not-begun', reasons: ['expiring'] },
      'warning [node1] not-begun (expiring); the rollout stopped before it',
    ],
  ] satisfies [string, NodeOutcome['result'], string][])('%s', async (_, result, line) => {
    const { well, log } = await reported(result);
    expect(well).toBe(false);
    expect(log[0]).toBe(line);
  });

  test.each([
    [
      'an engine did not come up',
      done({ kind: 'incomplete', reasons: ['unregistered'], error }),
      'error [node1] no route\nhint: look at the cable',
    ],
    ['an engine failed', done({ kind: 'failed', error }), 'error [node1] no route\nhint: look at the cable'],
    [
      'Shipyard could not be reached',
      { kind: 'failed', error } satisfies RegistrationOutcome,
      'error no route\nhint: look at the cable',
    ],
  ])('%s', async (_, registration, line) => {
    const { well, log } = await reported({ kind: 'unchanged', certificate }, registration);
    expect(well).toBe(false);
    expect(log[1]).toBe(line);
  });
});

test.each(['unchanged', 'failed'] as const)(
  'a summary that cannot be written is a warning, and a node that is %s as well or bad as it was',
  async (kind) => {
    const workflow = new FakeWorkflow();
    workflow.summary = () => Promise.reject(new Error('ENOSPC: no space left'));
    const result = kind === 'unchanged' ? { kind, certificate } : { kind, error };
    const outcome = { nodes: [{ spec, result }], open: [], access: new Map(), registration: none };
    expect(await report(workflow, outcome, NOW)).toBe(kind === 'unchanged');
    expect(workflow.log.at(-1)).toBe('warning the job summary could not be written: ENOSPC: no space left');
    expect(workflow.outputs.has('nodes')).toBe(true);
  },
);

function done(result: EngineOutcome['result']): RegistrationOutcome {
  return { kind: 'done', outcomes: [{ spec, result }], engines: [] };
}

async function reported(result: NodeOutcome['result'], registration = none) {
  const workflow = new FakeWorkflow();
  const well = await report(
    workflow,
    { nodes: [{ spec, result }], open: [], access: new Map(), registration },
    NOW,
  );
  expect(workflow.summaries).toHaveLength(1);
  expect(workflow.outputs.has('nodes')).toBe(true);
  return { well, log: workflow.log };
}
