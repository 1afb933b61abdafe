import { expect, test } from '@jest/globals';
import { planNodes } from '../../../src/plan/plan-nodes.ts';
import { newAuthority, nodeSpec, NOW, policy, reachedNode } from '../../support/fakes.ts';

test('every node has its plan, in the order of the inventory; one that could not be read has its error', async () => {
  const error = new Error('no route');
  const reached = reachedNode(nodeSpec({ name: 'node2' }));
  const planned = planNodes(
    [{ kind: 'unreachable', spec: nodeSpec({ name: 'node1' }), error }, reached],
    await newAuthority(),
    policy,
    NOW,
    { allowContainerRestart: false },
  );
  expect(planned).toMatchObject([
    { kind: 'unreachable', spec: { name: 'node1' }, error },
    {
      kind: 'planned',
      spec: { name: 'node2' },
      plan: { kind: 'change', reasons: ['missing'] },
    },
  ]);
  expect(planned[1]).toHaveProperty('node', reached);
});
