import { beforeAll, expect, test } from '@jest/globals';
import type { Nodes } from '../../../lab/cluster.ts';
import type { NodeImage } from '../../../lab/images.ts';
import type { Lab } from '../../../lab/lab.ts';
import { type LabNode, pidOfPayload, startPayload } from '../../../lab/node.ts';
import { startAction, type StartedAction } from '../../../lab/runner.ts';
import { settled, unlocked } from '../../../lab/settled.ts';
import { apply, caPassphrase, firstRun, json } from './apply.ts';
import { clearStops, reached, release, stopAt, type Step } from './breakpoint.ts';
import { atOnce, nodeInputs } from './inputs.ts';
import { useNodes } from './lab.ts';
import { filesAndServed } from './node-state.ts';

/** Steps at which as many nodes are cut off at once. No node is switched over before all of them are prepared. */
export type Rounds = readonly (readonly Step[])[];

export type Interrupted = {
  readonly cluster: () => Nodes;
  readonly at: (index: number) => LabNode;
  /** The inputs of a renewal of these nodes that is undone soon. */
  readonly inputs: (...nodes: readonly LabNode[]) => Readonly<Record<string, string>>;
  /** Rejects where the container of a node has another process than it was started with. */
  readonly expectSameProcesses: () => Promise<void>;
};

/** Each waits for an undo by the node itself. */
const LIMIT_MS = 300_000;

/** Until all nodes have come to their steps, and less than what the switch may take. */
const STOP_SECONDS = 40;

type Stop = {
  readonly node: LabNode;
  readonly step: Step;
  readonly before: Awaited<ReturnType<typeof filesAndServed>>;
};

/**
 * The tests of a change that is cut off, on nodes of a kind that are set up while a container runs on each, with a Docker
 * that began without live-restore. What is returned is for further tests on the same nodes.
 */
export function testInterruptions(
  lab: Lab,
  kind: NodeImage,
  { killed, cut }: { readonly killed: Rounds; readonly cut: Rounds },
): Interrupted {
  const count = Math.max(...[...killed, ...cut].map((steps) => steps.length));
  const cluster = useNodes(
    lab,
    Array.from({ length: count }, () => kind),
  );
  let ca = '';
  const pids = new Map<string, number>();

  beforeAll(async () => {
    await Promise.all(
      cluster().nodes.map(async (node) => pids.set(node.name, await startPayload(node, 'counter'))),
    );
    ({ ca } = await firstRun(lab, cluster(), atOnce));
  });

  const at = (index: number): LabNode => {
    const node = cluster().nodes[index];
    if (!node) throw new Error(`there is no node ${index}`);
    return node;
  };

  const inputs = (...nodes: readonly LabNode[]) => ({
    ...nodeInputs(lab, cluster()),
    'ca-passphrase': caPassphrase,
    ca,
    only: nodes.map(({ name }) => name).join(' '),
    'force-renew': 'all',
    // Daemons that start at once take their time.
    'rollback-timeout': '60s',
  });

  /** Starts a renewal of as many nodes as there are steps; resolves when each has come to its own and stops there. */
  const stopped = async (
    steps: readonly Step[],
  ): Promise<{ readonly action: StartedAction; readonly stops: readonly Stop[] }> => {
    const stops = await Promise.all(
      steps.map(async (step, index) => {
        const node = at(index);
        await stopAt(node, step, STOP_SECONDS);
        return { node, step, before: await filesAndServed(node) };
      }),
    );
    const nodes = stops.map(({ node }) => node);
    const action = startAction({ inputs: { ...inputs(...nodes), ...atOnce } });
    await Promise.all(nodes.map(reached));
    return { action, stops };
  };

  /** What is there once nothing goes on any more. */
  const left = async (node: LabNode) => {
    await settled(node);
    await unlocked(node);
    await clearStops(node);
    return filesAndServed(node);
  };

  test(
    'by kill -9 of the action: the node undoes by itself what was not confirmed',
    async () => {
      for (const steps of killed) {
        const { action, stops } = await stopped(steps);
        action.signal('SIGKILL');
        // Soon: where a shell of our own is to undo, whoever armed it waits for it for ten seconds.
        await Promise.all(stops.map(({ node }) => release(node)));
        expect((await action.done).exitCode).toBe(137);
        await Promise.all(
          stops.map(async ({ node, step, before }) => {
            const after = await left(node);
            // A confirm that has begun goes through to its end: the node is converged then.
            if (step === 'confirm') {
              expect(after.served).not.toBe(before.served);
              expect(await node.script('cd /etc/docker/shipyard-cluster; ls; ls sets | wc -l')).toBe(
                'current\norigin.json\nsets\n1',
              );
            } else expect({ step, ...after }).toEqual({ step, ...before });
          }),
        );
      }
    },
    LIMIT_MS,
  );

  test(
    'by a lost connection: the action logs in again and brings it to its end, and names a container that ended meanwhile',
    async () => {
      for (const steps of cut) {
        const restarted = steps.indexOf('restart');
        const doomed = restarted < 0 ? 0 : await startPayload(at(restarted), 'doomed');
        const { action, stops } = await stopped(steps);
        await Promise.all(
          stops.map(async ({ node, step }) => {
            if (step === 'restart') await node.script(`kill -KILL ${doomed}`);
            await node.script('pkill --signal KILL --full "[s]shd: root" || true');
            await release(node);
          }),
        );
        const run = await action.done;
        const results = json(run, 'nodes').map((result) => result['action']);
        const after = await Promise.all(stops.map(({ node }) => left(node)));
        // Before the undo is armed nothing is in use yet, and the run simply fails.
        if (steps.includes('prepare')) {
          expect({ exitCode: run.exitCode, results }).toEqual({ exitCode: 1, results: ['failed'] });
          expect(after).toEqual(stops.map(({ before }) => before));
          continue;
        }
        const renewed = after.map(({ served }, index) => served !== stops[index]?.before.served);
        expect({ exitCode: run.exitCode, results, renewed }).toEqual({
          exitCode: 0,
          results: steps.map(() => 'changed'),
          renewed: steps.map(() => true),
        });
        expect(run.log).toContain('containers that did not keep their process: doomed');
      }
      const next = await apply(lab, cluster(), { ca });
      expect(next.exitCode).toBe(0);
      expect(next.outputs['changed']).toBe('false');
    },
    LIMIT_MS,
  );

  test('by a reboot of the node: it comes up as it was before', async () => {
    await expectSameProcesses();
    const node = at(0);
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
  });

  const expectSameProcesses = async (): Promise<void> => {
    for (const node of cluster().nodes) expect(await pidOfPayload(node, 'counter')).toBe(pids.get(node.name));
  };

  return { cluster, at, inputs, expectSameProcesses };
}
