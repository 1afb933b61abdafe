import { beforeAll, expect, test } from '@jest/globals';
import type { Cluster } from '../../../lab/cluster.ts';
import type { NodeImage } from '../../../lab/images.ts';
import type { Lab } from '../../../lab/lab.ts';
import { type LabNode, pidOfPayload, startPayload } from '../../../lab/node.ts';
import { startAction } from '../../../lab/runner.ts';
import { settled, unlocked } from '../../../lab/settled.ts';
import { apply, caPassphrase, firstRun, json } from './apply.ts';
import { clearStops, reached, stopAt, steps, type Step } from './breakpoint.ts';
import { servedBy } from './engine-port.ts';
import { nodeInputs } from './inputs.ts';
import { useCluster } from './lab.ts';
import { filesAndServed } from './node-state.ts';

export type Interrupted = {
  readonly cluster: () => Cluster;
  /** The inputs of a renewal of one node that is undone soon. */
  readonly inputs: (node: LabNode) => Readonly<Record<string, string>>;
  /** Rejects where the container of a node has another process than it was started with. */
  readonly expectSameProcesses: () => Promise<void>;
};

/** Each waits for an undo by the node itself, on six nodes at once. */
const LIMIT_MS = 300_000;

const withoutShipyard = { 'shipyard-master': '', 'shipyard-password': '' };

/**
 * The tests of a change that is cut off, on six nodes of a kind that are set up while a container runs on each, with a
 * Docker that began without live-restore. What is returned is for further tests on the same nodes.
 */
export function testInterruptions(lab: Lab, kind: NodeImage): Interrupted {
  const cluster = useCluster(
    lab,
    steps.map(() => kind),
  );
  let ca = '';
  const pids = new Map<string, number>();

  beforeAll(async () => {
    await Promise.all(
      cluster().nodes.map(async (node) => pids.set(node.name, await startPayload(node, 'counter'))),
    );
    ({ ca } = await firstRun(lab, cluster(), { 'max-unavailable': '100%', ...withoutShipyard }));
  });

  const inputs = (node: LabNode) => ({
    ...nodeInputs(lab, cluster()),
    'ca-passphrase': caPassphrase,
    ca,
    only: node.name,
    'force-renew': 'all',
    // Six daemons that start at once take their time.
    'rollback-timeout': '60s',
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

  test(
    'by kill -9 of the action: the node undoes by itself what was not confirmed',
    async () => {
      await perStep(async (node, step) => {
        const before = await filesAndServed(node);
        await stopAt(node, step, 3);
        const action = startAction({ inputs: inputs(node) });
        await reached(node);
        action.signal('SIGKILL');
        expect((await action.done).exitCode).toBe(137);
        await new Promise((resolve) => setTimeout(resolve, 5000));
        await settled(node);
        await clearStops(node);
        const after = await filesAndServed(node);
        // A confirm that has begun goes through to its end: the node is converged then.
        if (step === 'confirm') expect(after.served).not.toBe(before.served);
        else expect({ step, ...after }).toEqual({ step, ...before });
      });
      const next = await apply(lab, cluster(), { ca, ...withoutShipyard });
      expect(next.exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    'by a lost connection: the action logs in again and brings it to its end',
    async () => {
      await perStep(async (node, step) => {
        const before = await filesAndServed(node);
        await stopAt(node, step, 3);
        const action = startAction({ inputs: inputs(node) });
        await reached(node);
        await node.script('pkill --signal KILL --full "[s]shd: root" || true');
        const run = await action.done;
        await settled(node);
        await unlocked(node);
        await clearStops(node);
        const after = await filesAndServed(node);
        const [result] = json(run, 'nodes').filter(({ name }) => name === node.name);
        const { exitCode } = run;
        // Before the undo is armed nothing is in use yet, and the run simply fails.
        if (step === 'prepare')
          expect({ exitCode, action: result?.['action'], ...after }).toEqual({
            exitCode: 1,
            action: 'failed',
            ...before,
          });
        else
          expect({
            step,
            exitCode,
            action: result?.['action'],
            isNew: after.served !== before.served,
          }).toEqual({ step, exitCode: 0, action: 'changed', isNew: true });
      });
      const next = await apply(lab, cluster(), { ca, ...withoutShipyard });
      expect(next.exitCode).toBe(0);
      expect(next.outputs['changed']).toBe('false');
    },
    LIMIT_MS,
  );

  test('by a reboot of the node: it comes up as it was before', async () => {
    const [, , , node] = cluster().nodes;
    if (!node) throw new Error('there are that many nodes');
    const before = await filesAndServed(node);
    await stopAt(node, 'wait', 600);
    const action = startAction({ inputs: inputs(node) });
    await reached(node);
    await node.kill();
    action.signal('SIGKILL');
    await action.done;
    await node.boot();
    await clearStops(node);
    await settled(node, 10);
    expect(await filesAndServed(node)).toEqual(before);
    // Its containers have ended with it, and are not ours to start again.
    await node.script('docker start counter');
    pids.set(node.name, await pidOfPayload(node, 'counter'));
    const next = await startAction({ inputs: inputs(node) }).done;
    expect(next.exitCode).toBe(0);
    expect(await servedBy(node)).not.toBe(before.served);
  });

  const expectSameProcesses = async (): Promise<void> => {
    for (const node of cluster().nodes) expect(await pidOfPayload(node, 'counter')).toBe(pids.get(node.name));
  };

  test(
    'and through all of this, first set-up included, no container lost its process but by the reboot',
    expectSameProcesses,
  );

  return { cluster, inputs, expectSameProcesses };
}
