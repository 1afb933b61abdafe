import { beforeAll, expect, test } from '@jest/globals';
import type { EngineOutcome, NodeOutcome } from '../../../src/apply/outcome.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { checkNode } from '../../../src/check/verdict.ts';
import { ActionError } from '../../../src/errors.ts';
import type { PortAccess } from '../../../src/firewall/access.ts';
import { engineUrl } from '../../../src/inventory/engine-url.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import { reportCheck } from '../../../src/report/check-report.ts';
import { report } from '../../../src/report/report.ts';
import { reportStatus } from '../../../src/report/status-report.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, newAuthority, nodeSpec, NOW, reachedNode, serverFor } from '../../support/fakes.ts';

const MIB = 1024 * 1024;
/** Of all outputs of a job together, in UTF-16. */
const OUTPUT_CHARS = 1_000_000 / 2;

/** 300 nodes with the longest names and addresses that there can be. */
const specs = Array.from({ length: 300 }, (_, index) => {
  const name = `${'n'.repeat(60)}${index + 100}`;
  return nodeSpec({ name, address: `${name}.${'d'.repeat(63)}.${'e'.repeat(63)}.${'f'.repeat(61)}` });
});
const why = '|<&'.repeat(1300);
const error = new ActionError({ message: why, hint: why });
const reasons = ['expiring', 'san-changed', 'config-drift', 'firewall-drift', 'served-differs'] as const;
let authority: Authority;
let certificate: Certificate;
let client: Certificate;

beforeAll(async () => {
  authority = await newAuthority();
  ({ certificate } = await serverFor(nodeSpec(), authority));
  ({ certificate: client } = await clientFor('node1', authority));
});

/** Their engines, of which each has a long text to say where Shipyard lets it. */
const engines = (long: string): readonly Engine[] =>
  specs.map((spec, index) => {
    const own = { id: `id-${index}${long}`, name: spec.name, addr: engineUrl(spec), client };
    return listed({ ...own, dockerVersion: `20.10.24${long}`, labels: [spec.name, `ssd${long}`, long] });
  });

/** Longer than any workflow has them. */
const allowed = Array.from({ length: 200 }, (_, index) => `2001:db8:1234:5678:9abc:def0:0:${index}/128`);
const access: PortAccess = { firewall: 'nftables', allowed, manager: undefined };

test.each([
  ['changed', { kind: 'changed', reasons, lostContainers: [] }],
  ['failed', { kind: 'rolled-back', reasons, error, lostContainers: [] }],
] as const)('apply: 300 nodes that %s, their firewalls and engines', async (_, result) => {
  const workflow = new FakeWorkflow();
  const nodes = specs.map((spec): NodeOutcome => {
    const of = result.kind === 'changed' ? { ...result, certificate } : result;
    return { spec, result: of, seconds: 3600 };
  });
  const outcomes = specs.map((spec): EngineOutcome => ({
    spec,
    result: { kind: 'incomplete', reasons: [], error },
    use: { usable: false, why },
  }));
  const registration = { kind: 'done', outcomes, engines: engines('"'.repeat(5000)), writes: 600 } as const;
  const everywhere = new Map(specs.map((spec) => [spec, access]));
  await report(workflow, { nodes, open: specs, access: everywhere, registration }, NOW);
  expectWithinLimits(workflow);
  const records = JSON.parse(workflow.outputs.get('engines') ?? '') as readonly Engine[];
  expect(records.map(({ name }) => name)).toEqual(specs.map(({ name }) => name));
  const [node] = JSON.parse(workflow.outputs.get('nodes') ?? '') as readonly object[];
  expect(node).toMatchObject({ firewall: 'nftables', 'allowed-count': allowed.length });
  expect(node).not.toHaveProperty('allowed');
});

test('apply: a few nodes tell all that may reach them, and engines all that they are', async () => {
  const workflow = new FakeWorkflow();
  const few = specs.slice(0, 5);
  const nodes = few.map((spec): NodeOutcome => ({ spec, result: { kind: 'unchanged', certificate } }));
  const registration = { kind: 'done', outcomes: [], engines: engines('').slice(0, 5) } as const;
  await report(
    workflow,
    { nodes, open: [], access: new Map(few.map((s) => [s, access])), registration },
    NOW,
  );
  const records = JSON.parse(workflow.outputs.get('nodes') ?? '') as readonly PortAccess[];
  expect(records.map((node) => node.allowed)).toEqual(few.map(() => allowed));
  expect(workflow.outputs.get('engines')).toContain(`"addr":"${engineUrl(few[0] ?? nodeSpec())}"`);
});

test('status: 300 nodes with as many engines, and as many that are of no node', async () => {
  const nodes = specs.map((spec, index): ObservedNode => {
    if (index % 2 === 0) return { kind: 'unreachable', spec, error };
    const node = reachedNode(spec, { dockerVersion: '20.10.24'.repeat(5000) });
    return { ...node, observation: { ...node.observation, served: { certificate, demandsClient: true } } };
  });
  const workflow = new FakeWorkflow();
  const listing = [...engines('"'.repeat(5000)), ...engines('').map((row) => ({ ...row, name: why }))];
  await reportStatus(workflow, { nodes, shipyard: reached(listing) }, NOW);
  expectWithinLimits(workflow);
});

test('check: 300 nodes of which each has much wrong with it', async () => {
  const policy = { warnBeforeDays: 800, failBeforeDays: 700, trusted: [client] };
  const sight = { kind: 'served', way: 'direct', certificate, request: { failed: why } } as const;
  const shipyard = reached(engines(why));
  const nodes = specs.map((spec) => checkNode(spec, sight, shipyard, policy, NOW));
  expect(nodes[0]?.findings.length).toBeGreaterThan(3);
  const workflow = new FakeWorkflow();
  expect(await reportCheck(workflow, { nodes, authority: [], shipyard, policy }, NOW)).toBe(false);
  expectWithinLimits(workflow);
});

function reached(engines: readonly Engine[]): ObservedShipyard {
  return { kind: 'reached', engines } as ObservedShipyard;
}

function expectWithinLimits({ summaries, outputs }: FakeWorkflow): void {
  expect(Buffer.byteLength(summaries.join())).toBeLessThan(MIB);
  const lengths = [...outputs].map(([name, value]) => `${name}: ${value.length}`).join(', ');
  const total = [...outputs.values()].reduce((sum, value) => sum + value.length, 0);
  expect({ lengths, fits: total < OUTPUT_CHARS }).toEqual({ lengths, fits: true });
  expect(JSON.parse(outputs.get('nodes') ?? '')).toHaveLength(specs.length);
}
