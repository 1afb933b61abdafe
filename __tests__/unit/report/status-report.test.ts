import { beforeAll, expect, test } from '@jest/globals';
import type { Identity } from '../../../src/authority/issue.ts';
import { ActionError } from '../../../src/errors.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import { reportStatus } from '../../../src/report/status-report.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, newAuthority, nodeSpec, NOW, reachedNode, serverFor } from '../../support/fakes.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
let server: Identity;
let client: Identity;

beforeAll(async () => {
  const authority = await newAuthority();
  server = await serverFor(node1, authority);
  client = await clientFor('node1', authority, NOW, 90);
});

test("one table of nodes, certificates and engines, and of the engines that are no node's", async () => {
  const { workflow, isWell } = await status(
    [node(), unreachable()],
    [
      listed({ client: client.certificate }),
      listed({ name: 'old|one', addr: 'https://10.9.9.9:2376', health: 'down', client: undefined }),
    ],
  );
  expect(isWell).toBe(false);
  expect(workflow.summaries.join().split('\n').slice(4)).toEqual([
    '| node1 | https:&#47;&#47;10.0.0.11:2376 | 20.10.24+dfsg1 | 0 | 2030-11-28 | 180 | O=shipyard-cluster, CN=Docker TLS CA (generation 1) | refused | up | 2030-08-30 |',
    '| node2 | https:&#47;&#47;10.0.0.12:2376 | not read |  |  |  |  |  | not registered |  |',
    '| old&#124;one (no asked node) | https:&#47;&#47;10.9.9.9:2376 |  |  |  |  |  |  | down | none |',
    '',
    '<pre>node2: no answer',
    'hint: look</pre>',
  ]);
  expect(JSON.parse(workflow.outputs.get('nodes') ?? '')).toMatchObject([
    {
      name: 'node1',
      docker: '20.10.24+dfsg1',
      'days-left': 180,
      'client-demanded': true,
      engine: { health: 'up' },
    },
    { name: 'node2', action: 'unreachable', engine: { health: 'not registered' } },
  ]);
  expect(workflow.outputs.get('next-expiry')).toBe('2030-11-28T12:00:00.000Z');
});

test('without Shipyard nothing is said of engines, and all is well where all was read', async () => {
  const { workflow, isWell } = await status([node()]);
  expect(isWell).toBe(true);
  expect(workflow.summaries.join()).toContain('| refused | not asked |  |');
});

function node(): ObservedNode {
  const reached = reachedNode(node1);
  const served = { certificate: server.certificate, demandsClient: true };
  return { ...reached, observation: { ...reached.observation, served } };
}

function unreachable(): ObservedNode {
  return { kind: 'unreachable', spec: node2, error: new ActionError({ message: 'no answer', hint: 'look' }) };
}

async function status(nodes: readonly ObservedNode[], engines?: ReturnType<typeof listed>[]) {
  const workflow = new FakeWorkflow();
  const shipyard = (engines ? { kind: 'reached', engines } : { kind: 'none' }) as ObservedShipyard;
  return { workflow, isWell: await reportStatus(workflow, { nodes, shipyard }, NOW) };
}
