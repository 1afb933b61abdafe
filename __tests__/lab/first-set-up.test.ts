import { expect, test } from '@jest/globals';
import { bookworm, sysvinit, withoutIptables } from '../../lab/images.ts';
import type { LabNode } from '../../lab/node.ts';
import { startAction } from '../../lab/runner.ts';
import { settled, unlocked } from '../../lab/settled.ts';
import { apply, caPassphrase, json } from './support/apply.ts';
import { clearStops, reached, release, stopAt } from './support/breakpoint.ts';
import { atOnce, nodeInputs } from './support/inputs.ts';
import { describeLab, useNodes } from './support/lab.ts';
import { filesAndServed } from './support/node-state.ts';

describeLab('a first set-up that ends in the middle leaves the node as it was', (lab) => {
  const cluster = useNodes(lab, [bookworm, sysvinit].map(withoutIptables));
  const onEach = <T>(work: (node: LabNode) => Promise<T>): Promise<readonly T[]> =>
    Promise.all(cluster().nodes.map(work));

  /** Resolves when each node has live-restore in its file, and nothing else of the change yet. */
  const stopped = async (): Promise<void> => {
    await onEach((node) => stopAt(node, 'survive', 600));
    const inputs = { ...nodeInputs(lab, cluster()), 'ca-passphrase': caPassphrase, 'create-ca': 'true' };
    const action = startAction({ inputs: { ...inputs, ...atOnce, 'rollback-timeout': '30s' } });
    await onEach(reached);
    expect(await onEach((node) => node.readFile('/etc/docker/daemon.json'))).toEqual(
      cluster().nodes.map(() => expect.stringContaining('live-restore')),
    );
    action.signal('SIGKILL');
    await action.done;
  };

  test('by kill -9 of the action', async () => {
    const before = await onEach(filesAndServed);
    await stopped();
    await onEach(release);
    await onEach((node) => settled(node));
    await onEach((node) => unlocked(node));
    await onEach(clearStops);
    expect(await onEach(filesAndServed)).toEqual(before);
  });

  test('by a reboot of the node; the next run sets it up', async () => {
    const before = await onEach(filesAndServed);
    await stopped();
    await onEach((node) => node.kill());
    await onEach((node) => node.boot());
    await onEach(clearStops);
    await onEach((node) => settled(node, 10));
    expect(await onEach(filesAndServed)).toEqual(before);
    const run = await apply(lab, cluster(), { 'create-ca': 'true', ...atOnce });
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed', 'changed']);
    expect(run.exitCode).toBe(0);
  });
});
