import { expect, test } from '@jest/globals';
import { bookworm } from '../../lab/images.ts';
import { startAction } from '../../lab/runner.ts';
import { json } from './support/apply.ts';
import { clearStops, reached, stopAt } from './support/breakpoint.ts';
import { servedBy } from './support/engine-port.ts';
import { testInterruptions } from './support/interruptions.ts';
import { describeLab } from './support/lab.ts';

describeLab('a change that is cut off at any step', (lab) => {
  const { cluster, inputs } = testInterruptions(lab, bookworm);

  test('by a network that is gone for a minute during the restart: it is confirmed afterwards', async () => {
    const [node] = cluster().nodes;
    if (!node) throw new Error('there is a node');
    await stopAt(node, 'wait', 3);
    const action = startAction({ inputs: { ...inputs(node), 'rollback-timeout': '3m' } });
    await reached(node);
    // Not a packet comes in or goes out any more, and nobody is told.
    await node.script(
      'nft "add table inet gone; add chain inet gone in { type filter hook input priority -200; policy drop; }; add chain inet gone out { type filter hook output priority -200; policy drop; }"',
    );
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    await node.script('nft delete table inet gone');
    const run = await action.done;
    await clearStops(node);
    expect(run.log).not.toContain('::error');
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['changed']);
  });

  test('by a cancel: the node in the middle is brought to its end, and no other is begun', async () => {
    const [first, second] = cluster().nodes;
    if (!first || !second) throw new Error('there are two nodes');
    const served = await servedBy(second);
    await stopAt(first, 'wait', 3);
    const action = startAction({ inputs: { ...inputs(first), only: `${first.name} ${second.name}` } });
    await reached(first);
    action.signal('SIGINT');
    const run = await action.done;
    await clearStops(first);
    expect(run.exitCode).toBe(1);
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['changed', 'not-begun']);
    expect(await servedBy(second)).toBe(served);
  });

  test('by a second run at the same time: it says who holds the lock, and nothing is mixed', async () => {
    const [node] = cluster().nodes;
    if (!node) throw new Error('there is a node');
    await stopAt(node, 'arm', 5);
    const first = startAction({ inputs: inputs(node), env: { GITHUB_RUN_ID: '4711' } });
    await reached(node);
    const second = await startAction({ inputs: inputs(node) }).done;
    await clearStops(node);
    expect(second.exitCode).toBe(1);
    expect(second.log).toContain(
      'another run is changing the node: https://github.com/lab/cluster/actions/runs/4711',
    );
    expect((await first.done).exitCode).toBe(0);
  });

  test('by an earlier run whose change still waits for its undo: that is undone first, then the run goes on', async () => {
    const [node] = cluster().nodes;
    if (!node) throw new Error('there is a node');
    const pending = startAction({ inputs: { ...inputs(node), 'rollback-timeout': '3m' } });
    await stopAt(node, 'wait', 4);
    await reached(node);
    pending.signal('SIGKILL');
    await pending.done;
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await clearStops(node);
    const run = await startAction({ inputs: inputs(node) }).done;
    expect(run.log).toContain('an earlier change was neither confirmed nor undone');
    expect(run.exitCode).toBe(0);
  });
});
