import { expect, test } from '@jest/globals';
import { planNodes } from '../../../src/plan/plan-nodes.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { newAuthority, nodeFacts, nodeSpec, NOW, policy } from '../../support/fakes.ts';

test('every node has its plan, in the order of the inventory; one that could not be read has its error', async () => {
  const error = new Error('no route');
  const host = new FakeHost();
  const planned = planNodes(
    [
      { kind: 'unreachable', spec: nodeSpec({ name: 'node1' }), error },
      {
        kind: 'reached',
        spec: nodeSpec({ name: 'node2' }),
        host,
        route: () => host.dial(),
        observation: { facts: nodeFacts(), served: { certificate: undefined, demandsClient: false } },
      },
    ],
    await newAuthority(),
    policy,
    NOW,
  );
  expect(planned).toMatchObject([
    { kind: 'unreachable', spec: { name: 'node1' }, error },
    {
      kind: 'planned',
      spec: { name: 'node2' },
      node: { host },
      plan: { kind: 'change', reasons: ['missing'] },
    },
  ]);
});
