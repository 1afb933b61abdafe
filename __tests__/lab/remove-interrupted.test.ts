import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import { startAction } from '../../lab/runner.ts';
import { settled } from '../../lab/settled.ts';
import { firstRun, json } from './support/apply.ts';
import { clearStops, reached, release, stopAt, type Step } from './support/breakpoint.ts';
import { etc } from './support/etc.ts';
import { atOnce, nodeInputs } from './support/inputs.ts';
import { describeLab, useNodes } from './support/lab.ts';
import { liveRestore } from './support/live-restore.ts';
import { dockerPid, filesAndServed } from './support/node-state.ts';

const MINUTES = 300_000;

/** The steps that only a removal has; all others are those of any change. */
const steps: readonly Step[] = ['takeAway', 'settle', 'confirm', 'sweep'];

/** Until all nodes have come to their steps, and less than what the switch may take. */
const STOP_SECONDS = 40;

describeLab('a removal that is cut off', (lab) => {
  const cluster = useNodes(lab, steps.length);
  const pids = new Map<LabNode, number>();
  const before = new Map<LabNode, readonly string[]>();

  beforeAll(async () => {
    await Promise.all(
      cluster().nodes.map(async (node) => {
        pids.set(node, await startPayload(node, 'counter'));
        before.set(node, await etc(node));
      }),
    );
  });
  beforeAll(async () => {
    await firstRun(lab, cluster(), atOnce);
  });
  afterEach(async () => {
    await Promise.all(cluster().nodes.map(clearStops));
  });

  /** The node that stops at this step when all do. */
  const nodeOf = (step: Step): LabNode => {
    const node = cluster().nodes[steps.indexOf(step)];
    if (!node) throw new Error(`there is no node for ${step}`);
    return node;
  };
  const state = async (node: LabNode) => ({
    ...(await filesAndServed(node)),
    liveRestore: await liveRestore(node),
  });
  const startRemove = (nodes: readonly LabNode[], rollbackTimeout = '60s') =>
    startAction({
      inputs: {
        ...nodeInputs(lab, cluster()),
        ...atOnce,
        command: 'remove',
        only: nodes.map(({ name }) => name).join(' '),
        'rollback-timeout': rollbackTimeout,
      },
    });
  const reboot = async (node: LabNode): Promise<void> => {
    await node.boot();
    await clearStops(node);
    await settled(node, 10);
    // Its containers have ended with it, and are not ours to start again.
    await node.script('docker start counter');
    pids.set(node, await pidOfPayload(node, 'counter'));
  };

  test(
    'by kill -9 of the action: the node undoes by itself what was not confirmed',
    async () => {
      const { nodes } = cluster();
      const setUp = await Promise.all(nodes.map(state));
      await Promise.all(steps.map((step) => stopAt(nodeOf(step), step, STOP_SECONDS)));
      const action = startRemove(nodes);
      await Promise.all(nodes.map(reached));
      action.signal('SIGKILL');
      expect((await action.done).exitCode).toBe(137);
      await Promise.all(nodes.map(release));
      // Once the last command of a confirm has begun nothing undoes it any more.
      for (const node of [nodeOf('confirm'), nodeOf('sweep')]) {
        await node.script(
          'for i in $(seq 30); do [ -e /etc/docker/shipyard-cluster ] || exit 0; sleep 1; done; exit 1',
        );
        expect(await etc(node)).toEqual(before.get(node));
      }
      for (const node of [nodeOf('takeAway'), nodeOf('settle')]) {
        await settled(node);
        expect(await state(node)).toEqual(setUp[nodes.indexOf(node)]);
      }
    },
    MINUTES,
  );

  test('by a reboot of the node: it comes up as it was before', async () => {
    const node = nodeOf('settle');
    const setUp = await state(node);
    await stopAt(node, 'settle', 600);
    const action = startRemove([node]);
    await reached(node);
    await node.kill();
    action.signal('SIGKILL');
    await action.done;
    await reboot(node);
    expect(await state(node)).toEqual(setUp);
  });

  test('by a reboot after it was confirmed: the next run takes away what is left, and restarts nothing', async () => {
    const node = nodeOf('takeAway');
    await stopAt(node, 'sweep', 600);
    const action = startRemove([node], '3m');
    await reached(node);
    await node.kill();
    action.signal('SIGKILL');
    await action.done;
    await reboot(node);
    const docker = await dockerPid(node);
    expect(await etc(node)).not.toEqual(before.get(node));
    const run = await startRemove([node]).done;
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['removed']);
    expect(await etc(node)).toEqual(before.get(node));
    expect(await dockerPid(node)).toBe(docker);
  });

  test('by a lost connection: the action logs in again and brings it to its end', async () => {
    const node = nodeOf('settle');
    // The port is closed by then, but only since Docker restarts.
    await stopAt(node, 'wait', STOP_SECONDS);
    const action = startRemove([node], '3m');
    await reached(node);
    await node.script('pkill --signal KILL --full "[s]shd: root" || true');
    await release(node);
    const run = await action.done;
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['removed']);
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain(
      'no engine is unregistered, since neither shipyard-url nor shipyard-master is set',
    );
  });

  test('and in the end all of them are as they were, and no container lost its process but by the reboot', async () => {
    for (const node of cluster().nodes) {
      expect(await etc(node)).toEqual(before.get(node));
      expect(await pidOfPayload(node, 'counter')).toBe(pids.get(node));
      expect(await liveRestore(node)).toBe('false');
    }
  });
});
