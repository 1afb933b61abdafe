import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import { startAction } from '../../lab/runner.ts';
import { apply, caPassphrase, firstRun, json } from './support/apply.ts';
import { clearStops, reached, settled, stopAt, steps, type Step } from './support/breakpoint.ts';
import { servedBy } from './support/engine-port.ts';
import { nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeFiles } from './support/node-state.ts';

describeLab('a change that is cut off at any step', (lab) => {
  const cluster = useCluster(lab, steps.length);
  let ca = '';
  const pids = new Map<string, number>();

  beforeAll(async () => {
    // The containers are there before the first set-up, on nodes whose Docker runs without live-restore.
    await Promise.all(
      cluster().nodes.map(async (node) => pids.set(node.name, await startPayload(node, 'counter'))),
    );
    ({ ca } = await firstRun(lab, cluster(), {
      'max-unavailable': '100%',
      'shipyard-master': '',
      'shipyard-password': '',
    }));
  });
  const inputs = (node: LabNode) => ({
    ...nodeInputs(lab, cluster()),
    'ca-passphrase': caPassphrase,
    ca,
    only: node.name,
    'force-renew': 'all',
    'rollback-timeout': '30s',
  });

  const perStep = async (body: (node: LabNode, step: Step) => Promise<void>): Promise<void> => {
    await Promise.all(
      steps.map((step, index) => {
        const node = cluster().nodes[index];
        if (!node) throw new Error('there is a node for each step');
        return body(node, step);
      }),
    );
  };

  afterEach(async () => {
    await Promise.all(cluster().nodes.map(clearStops));
  });

  const without = { 'shipyard-master': '', 'shipyard-password': '' };

  test('by kill -9 of the action: the node undoes by itself what was not confirmed', async () => {
    await perStep(async (node, step) => {
      const before = { files: await nodeFiles(node), served: await servedBy(node) };
      await stopAt(node, step, 3);
      const action = startAction({ inputs: inputs(node) });
      await reached(node);
      action.signal('SIGKILL');
      expect((await action.done).exitCode).toBe(137);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await settled(node);
      await clearStops(node);
      const after = { files: await nodeFiles(node), served: await servedBy(node) };
      // A confirm that has begun goes through to its end: the node is converged then.
      if (step === 'confirm') expect(after.served).not.toBe(before.served);
      else expect({ step, ...after }).toEqual({ step, ...before });
    });
    const next = await apply(lab, cluster(), { ca, ...without });
    expect(next.exitCode).toBe(0);
  });

  test('by a lost connection: the action logs in again and brings it to its end', async () => {
    await perStep(async (node, step) => {
      await stopAt(node, step, 3);
      const action = startAction({ inputs: inputs(node) });
      await reached(node);
      await node.script('pkill --signal KILL --full "[s]shd: root" || true');
      const run = await action.done;
      await settled(node);
      await clearStops(node);
      const [result] = json(run, 'nodes').filter(({ name }) => name === node.name);
      // Before the undo is armed nothing is in use yet, and the run simply fails.
      expect({ step, action: result?.['action'] }).toEqual({
        step,
        action: step === 'prepare' ? 'failed' : 'changed',
      });
    });
    const next = await apply(lab, cluster(), { ca, ...without });
    expect(next.exitCode).toBe(0);
    expect(next.outputs['changed']).toBe('false');
  });

  test('by a reboot of the node: it comes up as it was before', async () => {
    const [, , , node] = cluster().nodes;
    if (!node) throw new Error('there are that many nodes');
    const before = { files: await nodeFiles(node), served: await servedBy(node) };
    await stopAt(node, 'wait', 600);
    const action = startAction({ inputs: inputs(node) });
    await reached(node);
    await node.kill();
    action.signal('SIGKILL');
    await action.done;
    await node.boot();
    await clearStops(node);
    await settled(node, 10);
    expect({ files: await nodeFiles(node), served: await servedBy(node) }).toEqual(before);
    // Its containers have ended with it, and are not ours to start again.
    await node.script('docker start counter');
    pids.set(node.name, await pidOfPayload(node, 'counter'));
  });

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

  test('and through all of this, first set-up included, no container lost its process but by the reboot', async () => {
    for (const node of cluster().nodes) expect(await pidOfPayload(node, 'counter')).toBe(pids.get(node.name));
  });
});
