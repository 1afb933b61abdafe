import { expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors.ts';
import { planNodes } from '../../../src/plan/plan-nodes.ts';
import { nodeSpec, reachedNode } from '../../support/fakes.ts';

test('every node has its plan, in the order of the inventory; one that could not be read has its error', () => {
  const error = new Error('no route');
  const reached = reachedNode(nodeSpec({ name: 'node2' }));
  const planned = planNodes(
    [{ kind: 'unreachable', spec: nodeSpec({ name: 'node1' }), error }, reached],
    ({ name }) => ({ kind: 'refuse', error: new ActionError({ message: name, hint: '' }) }),
  );
  expect(planned).toMatchObject([
    { kind: 'unreachable', spec: { name: 'node1' }, error },
    {
      kind: 'planned',
      spec: { name: 'node2' },
      plan: { kind: 'refuse', error: { message: 'node2' } },
    },
  ]);
  expect(planned[1]).toHaveProperty('node', reached);
});
