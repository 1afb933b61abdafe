import { expect, test } from '@jest/globals';
import type { Dialled } from '../../../src/ports/remote-host.ts';
import { isReachable } from '../../../src/prove/reachability.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';
import { nodeSpec } from '../../support/fakes.ts';

test('a port that takes the connection is reachable, and the connection is let go', async () => {
  const dialled = connected();
  expect(await reach(dialled)).toBe(true);
  expect(dialled.kind === 'connected' && dialled.stream.destroyed).toBe(true);
});

test.each<Dialled>([
  { kind: 'closed', reason: 'refused' },
  { kind: 'unreachable', reason: 'no route' },
])('a port that is $kind is not', async (dialled) => {
  expect(await reach(dialled)).toBe(false);
});

function reach(dialled: Dialled): Promise<boolean> {
  const network = new FakeNetwork(
    () => ({ kind: 'failed', reason: 'not asked', served: undefined }),
    () => dialled,
  );
  return isReachable(network, nodeSpec());
}
