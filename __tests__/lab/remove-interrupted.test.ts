import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import { startAction } from '../../lab/runner.ts';
import { settled } from '../../lab/settled.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { clearStops, reached, removalSteps, stopAt, type Step } from './support/breakpoint.ts';
import { etc } from './support/etc.ts';
import { nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { dockerPid, filesAndServed } from './support/node-state.ts';

/** For eight nodes on a small machine. */
const MINUTES = 400_000;
const without = { 'shipyard-master': '', 'shipyard-password': '' };

describeLab('a removal that is cut off at any step', (lab) => {
  const cluster = useCluster(lab, removalSteps.length);
  const pids = new Map<string, number>();
  const before = new Map<string, readonly string[]>();

  beforeAll(async () => {
    await Promise.all(
      cluster().nodes.map(async (node) => {
        pids.set(node.name, await startPayload(node, 'counter'));
        before.set(node.name, await etc(node));
      }),
    );
  });
  beforeAll(async () => {
    await firstRun(lab, cluster(), { 'max-unavailable': '100%', ...without });
  }, MINUTES);
  afterEach(async () => {
    await Promise.all(cluster().nodes.map(clearStops));
  });

  const steps = (): readonly { readonly step: Step; readonly node: LabNode }[] =>
    removalSteps.map((step, index) => {
      const node = cluster().nodes[index];
      if (!node) throw new Error('there is a node for each step');
      return { step, node };
    });
  const state = async (node: LabNode) => ({
    ...(await filesAndServed(node)),
    liveRestore: await node.script('docker info --format "{{.LiveRestoreEnabled}}"'),
  });
  const startRemove = (node: LabNode, rollbackTimeout = '30s') =>
    startAction({
      inputs: {
        ...nodeInputs(lab, cluster()),
        command: 'remove',
        only: node.name,
        'rollback-timeout': rollbackTimeout,
      },
    });
  /** Once the last command of a confirm has begun nothing undoes it any more. */
  const isGivenBack = (step: Step): boolean => step === 'confirm' || step === 'sweep';

  test(
    'by kill -9 of the action: the node undoes by itself what was not confirmed',
    async () => {
      const setUp = await Promise.all(steps().map(({ node }) => state(node)));
      // One after the other, so that none is slow; they wait for their undo together.
      for (const { step, node } of steps()) {
        await stopAt(node, step, 3);
        const action = startRemove(node, '60s');
        await reached(node);
        action.signal('SIGKILL');
        expect((await action.done).exitCode).toBe(137);
      }
      await new Promise((resolve) => setTimeout(resolve, 5000));
      for (const [index, { step, node }] of steps().entries()) {
        await settled(node);
        await clearStops(node);
        if (isGivenBack(step))
          expect({ step, etc: await etc(node) }).toEqual({ step, etc: before.get(node.name) });
        else expect({ step, ...(await state(node)) }).toEqual({ step, ...setUp[index] });
      }
    },
    MINUTES,
  );

  test('by a reboot of the node: it comes up as it was before', async () => {
    const node = cluster().nodes[removalSteps.indexOf('settle')];
    if (!node) throw new Error('there is that node');
    const setUp = await state(node);
    await stopAt(node, 'settle', 600);
    const action = startRemove(node);
    await reached(node);
    await node.kill();
    action.signal('SIGKILL');
    await action.done;
    await node.boot();
    await clearStops(node);
    await settled(node, 10);
    expect(await state(node)).toEqual(setUp);
    // Its containers have ended with it, and are not ours to start again.
    await node.script('docker start counter');
    pids.set(node.name, await pidOfPayload(node, 'counter'));
  });

  test('by a reboot after it was confirmed: the next run takes away what is left, and restarts nothing', async () => {
    const node = cluster().nodes[removalSteps.indexOf('arm')];
    if (!node) throw new Error('there is that node');
    await stopAt(node, 'sweep', 600);
    const action = startRemove(node, '3m');
    await reached(node);
    await node.kill();
    action.signal('SIGKILL');
    await action.done;
    await node.boot();
    await clearStops(node);
    await node.script('docker start counter');
    pids.set(node.name, await pidOfPayload(node, 'counter'));
    const docker = await dockerPid(node);
    expect(await etc(node)).not.toEqual(before.get(node.name));
    const run = await startRemove(node).done;
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['removed']);
    expect(await etc(node)).toEqual(before.get(node.name));
    expect(await dockerPid(node)).toBe(docker);
  });

  test('by a lost connection: the action logs in again and brings it to its end', async () => {
    const node = cluster().nodes[removalSteps.indexOf('wait')];
    if (!node) throw new Error('there is that node');
    // The port is closed by then, but only since Docker restarts.
    await stopAt(node, 'wait', 6);
    const action = startRemove(node, '3m');
    await reached(node);
    await node.script('pkill --signal KILL --full "[s]shd: root" || true');
    const run = await action.done;
    await clearStops(node);
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['removed']);
    expect(await etc(node)).toEqual(before.get(node.name));
    expect(await node.script('docker info --format "{{.LiveRestoreEnabled}}"')).toBe('false');
  });

  test(
    'and the next run brings all of them to their end; no container lost its process but by the reboot',
    async () => {
      const run = await apply(lab, cluster(), {
        command: 'remove',
        only: '*',
        'max-unavailable': '100%',
        ...without,
      });
      expect(run.exitCode).toBe(0);
      for (const node of cluster().nodes) {
        expect(await etc(node)).toEqual(before.get(node.name));
        expect(await pidOfPayload(node, 'counter')).toBe(pids.get(node.name));
        expect(await node.script('docker info --format "{{.LiveRestoreEnabled}}"')).toBe('false');
      }
    },
    MINUTES,
  );
});
