import { beforeAll, expect, test } from '@jest/globals';
import type { NodeOutcome } from '../../../src/apply/outcome.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import type { NodeSpec } from '../../../src/inventory/node-spec.ts';
import { planCluster } from '../../../src/plan/plan-cluster.ts';
import { AnnotationLimit } from '../../../src/report/annotation-limit.ts';
import { reportPlan } from '../../../src/report/plan-report.ts';
import { report } from '../../../src/report/report.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { newAuthority, nodeSpec, NOW, reachedNode, request, serverFor } from '../../support/fakes.ts';

const MIB = 1024 * 1024;
const specs = Array.from({ length: 300 }, (_, index) =>
  nodeSpec({ name: `node${index + 1}`, address: `10.0.${index >> 8}.${index & 255}` }),
);
let authority: Authority;
let certificate: Certificate;

beforeAll(async () => {
  authority = await newAuthority();
  ({ certificate } = await serverFor(nodeSpec(), authority));
});

test('300 nodes that are well: one table, a chart of 30, and outputs that GitHub takes', async () => {
  const { summary, inner } = await reported((spec) => ({
    spec,
    result: { kind: 'changed', reasons: ['missing'], certificate, lostContainers: [] },
    seconds: 12,
  }));
  expect(summary.split('\n').filter((line) => line.startsWith('| node'))).toHaveLength(300);
  expect(summary.match(/^ {2}section node/gm)).toHaveLength(30);
  expect(summary).toContain('**Changed:** 300 of 300 node(s), 0 engine(s) in Shipyard');
  // GitHub counts an output in UTF-16.
  expect(inner.outputs.get('nodes')?.length).toBeLessThan(MIB / 2);
});

test.each([
  ['300 nodes that fail with long words', 300],
  ['any number of nodes', 3000],
])('%s stay under 1 MiB, and what was left out is counted', async (_, count) => {
  const error = new ActionError({ message: '|<&'.repeat(1300), hint: 'look' });
  const { summary, inner } = await reported((spec) => ({ spec, result: { kind: 'failed', error } }), count);
  expect(Buffer.byteLength(summary)).toBeLessThan(MIB);
  expect(summary).toMatch(/^and \d+ more, which are in the log$/m);
  expect(inner.log.filter((line) => line.startsWith('error'))).toHaveLength(10);
});

test('a plan of 300 nodes stays within the limits of summary and outputs', async () => {
  const workflow = new FakeWorkflow();
  const nodes = specs.map((spec) => reachedNode(spec));
  const entries = planCluster({ nodes, shipyard: { kind: 'none' } }, authority, request(), NOW);
  expect(await reportPlan(workflow, entries, { kind: 'none' })).toBe(true);
  expect(Buffer.byteLength(workflow.summaries.join())).toBeLessThan(MIB);
  expect(workflow.outputs.get('plan')?.length).toBeLessThan(MIB / 2);
  expect(JSON.parse(workflow.outputs.get('plan') ?? '')).toHaveLength(300);
});

test.each([
  [
    'a fleet that cannot be reached',
    { message: 'ssh: cannot reach 10.0.0.1 port 22: no route', hint: 'look' },
  ],
  ['one of which every node has a long word to say', { message: '|<&'.repeat(1300), hint: '"'.repeat(3000) }],
])('a plan of 300 nodes, %s: ten annotations, and still within the limits', async (_, explanation) => {
  const inner = new FakeWorkflow();
  const workflow = new AnnotationLimit(inner);
  const error = new ActionError(explanation);
  const nodes = specs.map((spec) => ({ kind: 'unreachable', spec, error }) as const);
  const shipyard = { kind: 'unreachable', error } as const;
  const entries = planCluster({ nodes, shipyard }, authority, request(), NOW);
  expect(await reportPlan(workflow, entries, shipyard)).toBe(false);
  workflow.sumUp();
  const annotations = inner.log.filter((line) => /^(error|warning)/.test(line));
  expect(annotations).toHaveLength(10);
  expect(annotations.slice(0, 9).every((line, index) => line.startsWith(`error [node${index + 1}] `))).toBe(
    true,
  );
  expect(inner.log.at(-1)).toMatch(
    /^error 292 more error\(s\), of node10, .* and 241 more: they are in the log/,
  );
  expect(Buffer.byteLength(inner.summaries.join())).toBeLessThan(MIB);
  for (const value of inner.outputs.values()) expect(value.length * 2).toBeLessThan(MIB);
  expect(JSON.parse(inner.outputs.get('plan') ?? '')).toHaveLength(300);
});

async function reported(outcomeOf: (spec: NodeSpec) => NodeOutcome, count = 300) {
  const inner = new FakeWorkflow();
  const workflow = new AnnotationLimit(inner);
  const nodes = Array.from({ length: count / 300 }, () => specs)
    .flat()
    .map(outcomeOf);
  await report(workflow, { nodes, open: [], access: new Map(), registration: { kind: 'none' } }, NOW);
  workflow.sumUp();
  return { inner, summary: inner.summaries.join() };
}
