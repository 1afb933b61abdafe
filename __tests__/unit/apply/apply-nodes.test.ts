import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { applyNodes } from '../../../src/apply/apply-nodes.ts';
import type { NodeOutcome } from '../../../src/apply/outcome.ts';
import { makeWitnesses } from '../../../src/apply/witnesses.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import type { NodePlan } from '../../../src/plan/node-plan.ts';
import type { PlannedNode } from '../../../src/plan/plan-nodes.ts';
import type { Witnesses } from '../../../src/prove/proof.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost, type Step } from '../../support/fake-rollout.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { newAuthority, nodeSpec, NOW, reachedNode, request, serverFor } from '../../support/fakes.ts';

const change: NodePlan = {
  kind: 'change',
  reasons: ['missing'],
  certificate: { kind: 'issue' },
  daemonConfig: 'config',
  override: 'override',
  validateOptions: ['--containerd=/run/c.sock'],
};
let authority: Authority;
let witnesses: Witnesses;
let journal: string[];

beforeAll(async () => {
  authority = await newAuthority();
  witnesses = await makeWitnesses(authority, NOW);
});
beforeEach(() => {
  journal = [];
});

test('all nodes are prepared before the first is switched; then one is whole before the next begins', async () => {
  const { outcomes } = await rollOut({ node1: {}, node2: {} });
  expect(outcomes.map(({ spec, result }) => [spec.name, result.kind])).toEqual([
    ['node1', 'changed'],
    ['node2', 'changed'],
  ]);
  expect(journal.slice(0, 2).sort()).toEqual(['node1 prepare', 'node2 prepare']);
  expect(journal.slice(2)).toEqual(['node1 switch', 'node1 confirm', 'node2 switch', 'node2 confirm']);
});

test('the first that fails stops the rollout; the rest is not begun, and what was prepared is discarded', async () => {
  const { outcomes, log } = await rollOut({ node1: { fails: 'switch' }, node2: {}, node3: {} });
  expect(outcomes).toMatchObject([
    { spec: { name: 'node1' }, result: { kind: 'rolled-back' } },
    { spec: { name: 'node2' }, result: { kind: 'not-begun', reasons: ['missing'] } },
    { spec: { name: 'node3' }, result: { kind: 'not-begun', reasons: ['missing'] } },
  ]);
  expect(journal.slice(3)).toEqual(['node1 switch', 'node1 undo', 'node2 discard', 'node3 discard']);
  expect(log).toEqual(['info [node1] switching over and restarting Docker (missing)']);
});

test('a proof that is not given stops the rollout as well', async () => {
  const { outcomes } = await rollOut({ node1: { isBroken: true }, node2: {} });
  expect(outcomes.map(({ result }) => result.kind)).toEqual(['rolled-back', 'not-begun']);
});

test('what cannot be prepared does not stop the others', async () => {
  const { outcomes } = await rollOut({ node1: { fails: 'prepare' }, node2: {} });
  expect(outcomes).toMatchObject([
    {
      result: {
        kind: 'failed',
        error: { message: 'the change could not be prepared: prepare failed | on node1' },
      },
    },
    { result: { kind: 'changed' } },
  ]);
});

test('what could not be read, and what must not be changed, are failures that stop nothing', async () => {
  const unreadable = new Error('no route to host');
  const refused = new ActionError({ message: 'listen is foreign', hint: 'mend it' });
  const { outcomes } = await rollOut({
    node1: { error: unreadable },
    node2: { plan: { kind: 'refuse', error: refused } },
    node3: {},
  });
  expect(outcomes).toMatchObject([
    { spec: { name: 'node1' }, result: { kind: 'failed', error: unreadable } },
    { spec: { name: 'node2' }, result: { kind: 'failed', error: refused } },
    { spec: { name: 'node3' }, result: { kind: 'changed' } },
  ]);
  expect(journal.filter((line) => line.startsWith('node2'))).toEqual([]);
});

describe('a node that is to be kept', () => {
  let certificate: Certificate;
  beforeAll(async () => {
    ({ certificate } = await serverFor(nodeSpec(), authority));
  });

  test('is proved and no script is run', async () => {
    const { outcomes } = await rollOut({
      node1: { plan: { kind: 'keep', serial: certificate.serial }, served: certificate },
    });
    expect(outcomes).toMatchObject([
      { result: { kind: 'unchanged', certificate: { serial: certificate.serial } } },
    ]);
    expect(journal).toEqual([]);
  });

  test('but fails on the wire is a failure, and nothing is changed', async () => {
    const { outcomes } = await rollOut({
      node1: { plan: { kind: 'keep', serial: 'dead' }, served: certificate },
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

type Node = {
  readonly plan?: NodePlan;
  readonly error?: Error;
  readonly fails?: Step;
  readonly isBroken?: boolean;
  readonly served?: Certificate;
};

async function rollOut(nodes: Readonly<Record<string, Node>>): Promise<{
  readonly outcomes: readonly NodeOutcome[];
  readonly log: readonly string[];
}> {
  const all = Object.entries(nodes).map(([name, node], index) => rolled(name, `10.0.0.${index + 1}`, node));
  const of = (address: string) => all.find(({ planned }) => planned.spec.address === address);
  const network = engines(
    witnesses,
    (address) => of(address)?.node.served ?? of(address)?.host.uploaded(),
    (address) => of(address)?.node.isBroken ?? false,
  );
  const workflow = new FakeWorkflow();
  const context = { network, workflow, clock: new FakeClock(NOW), authority, witnesses, request: request() };
  const outcomes = await applyNodes(
    all.map(({ planned }) => planned),
    context,
  );
  return { outcomes, log: workflow.log };
}

function rolled(name: string, address: string, node: Node) {
  const spec = nodeSpec({ name, address });
  const host = new RolloutHost(name, journal, node.served?.serial, (step) =>
    step === node.fails ? { status: 1, stderr: `${step} failed\non ${name}` } : {},
  );
  const planned: PlannedNode =
    node.error === undefined
      ? { kind: 'planned', spec, node: reachedNode(spec, {}, host), plan: node.plan ?? change }
      : { kind: 'unreachable', spec, error: node.error };
  return { host, node, planned };
}
