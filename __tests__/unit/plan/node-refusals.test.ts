import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { planNode, type NodePlan } from '../../../src/plan/node-plan.ts';
import { newAuthority, nodeFacts, nodeSpec, NOW, policy } from '../../support/fakes.ts';

const spec = nodeSpec();
const fresh = nodeFacts();
let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
});

describe('the clock of the node', () => {
  const minutes = (count: number) => ({ ...fresh, now: new Date(NOW.getTime() + count * 60_000) });

  test.each([
    [45, "the node's clock is 45 minutes ahead of the runner's"],
    [-45, "the node's clock is 45 minutes behind the runner's"],
    [30 + 1 / 60, "the node's clock is 31 minutes ahead of the runner's"],
    [-30 - 1 / 60, "the node's clock is 31 minutes behind the runner's"],
  ])('%f minutes off is refused', (count, message) => {
    expect(refusal(plan(minutes(count)))).toBe(message);
  });

  test.each([5, -5, 30, -30])('%d minutes off is taken', (count) => {
    expect(plan(minutes(count))).toMatchObject({ kind: 'change' });
  });
});

test('a node without flock is refused, with the package that has it', () => {
  const refused = plan({ ...fresh, flock: false });
  expect(refusal(refused)).toContain('flock is not installed');
  expect(refused.kind === 'refuse' && refused.error.hint).toContain('util-linux');
});

describe('listen', () => {
  test.each(['10.0.0.11', 'fd00::11'])('%s is an address of the node', (listen) => {
    expect(plan(fresh, nodeSpec({ listen }))).toMatchObject({ kind: 'change' });
  });

  test('an address of another machine is refused', () => {
    expect(refusal(plan(fresh, nodeSpec({ listen: '10.0.0.12' })))).toBe(
      'listen: 10.0.0.12 is not an address of the node',
    );
  });
});

describe('running containers in swarm mode', () => {
  const running = nodeFacts({
    runningContainers: ['web', 'db'],
    engine: { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: false, swarm: true },
  });

  test('are not stopped', () => {
    expect(refusal(plan(running))).toBe(
      'Docker must restart, and 2 running container(s) would stop: web, db',
    );
  });

  test('are stopped with consent, and the log tells it', () => {
    expect(plan(running, spec, { allowContainerRestart: true })).toMatchObject({
      survival: { kind: 'none' },
      notes: expect.arrayContaining(['running container(s) will stop: web, db']),
    });
  });

  test('are told to stop only where there are some, and where they do', () => {
    const consent = { allowContainerRestart: true };
    for (const facts of [
      { ...running, runningContainers: [] },
      { ...fresh, runningContainers: ['web'] },
    ])
      expect(plan(facts, spec, consent)).toMatchObject({
        notes: [expect.stringContaining('-H fd:// moves from')],
      });
  });
});

test('text of the node in a refusal is data', () => {
  const text = '##[add-mask]x';
  const listen = nodeSpec({ listen: '10.0.0.12' });
  const refused = plan({ ...fresh, addresses: [text] }, listen);
  expect(refused.kind === 'refuse' && refused.error.hint).toContain('#_[add-mask]x');
  expect(refusal(plan({ ...fresh, daemonConfig: `{"hosts":["tcp://x\\n${text}"]}` }))).toContain(
    'tcp://x | #_[add-mask]x',
  );
});

test('what the node itself forbids is a refusal, not an exception', () => {
  expect(refusal(plan({ ...fresh, daemonConfig: '{"tls":true}' }))).toContain('already sets tls');
  expect(refusal(plan({ ...fresh, systemd: false }))).toContain('the host runs no systemd');
});

function plan(facts: NodeFacts, asked = spec, options = { allowContainerRestart: false }): NodePlan {
  const served = { certificate: undefined, demandsClient: false };
  return planNode(asked, { facts, served }, authority, policy, NOW, {
    ...options,
    firewall: { kind: 'none' },
  });
}

function refusal(result: NodePlan): string | undefined {
  return result.kind === 'refuse' ? result.error.message : undefined;
}
