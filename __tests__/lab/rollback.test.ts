import { beforeAll, describe, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import { type LabNode, pidOfPayload, secondsOf, startCounter } from '../../lab/node.ts';
import { settled } from '../../lab/settled.ts';
import { apply, firstRun, type Inputs, json } from './support/apply.ts';
import { servedBy } from './support/engine-port.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeState } from './support/node-state.ts';

const withoutShipyard = { 'shipyard-master': '', 'shipyard-password': '' };

/** Process ids differ after a restart; files, modes and owners must not. */
const files = (state: string): string => state.replace(/^dockerd .*$/m, '');

const liveRestore = (node: LabNode): Promise<string> =>
  node.script('docker info --format "{{.LiveRestoreEnabled}}"');

const now = async (node: LabNode): Promise<number> => Number(await node.script('date +%s'));

/** Above the one second between two counts, since the machine may be busy; a container that is started anew loses all. */
const LONGEST_GAP_SECONDS = 5;

/** From now on the daemon does this instead of starting with another set of certificates than the one in use. */
async function wrapDockerd(node: LabNode, otherwise: string): Promise<void> {
  const current = 'readlink /etc/docker/shipyard-cluster/current';
  const set = await node.script(current);
  await node.script('mv /usr/sbin/dockerd /usr/sbin/dockerd.real');
  await node.writeFile(
    '/usr/sbin/dockerd',
    `#!/bin/sh\n[ "$(${current})" = ${set} ] || { ${otherwise}; }\nexec /usr/sbin/dockerd.real "$@"\n`,
    0o755,
  );
}

describeLab('a node on which the change fails is put back as it was, and the rollout stops', (lab) => {
  const cluster = useCluster(lab, 2);
  const payloads = new Map<LabNode, { readonly pid: number; readonly start: number }>();

  beforeAll(async () => {
    for (const node of cluster().nodes)
      payloads.set(node, { pid: await startCounter(node, 'counter'), start: await now(node) });
  });
  const expectSameProcesses = async (): Promise<void> => {
    for (const [node, { pid }] of payloads) expect(await pidOfPayload(node, 'counter')).toBe(pid);
  };

  test('on a first set-up whose port is taken by another program', async () => {
    const { nodes } = cluster();
    const before = await Promise.all(nodes.map(nodeState));
    expect(await Promise.all(nodes.map(liveRestore))).toEqual(['false', 'false']);
    await nodes[0]?.script('systemd-run --unit squatter systemd-socket-activate --listen 2376 --accept cat');
    const run = await apply(lab, cluster(), { 'create-ca': 'true' });
    await nodes[0]?.script('systemctl stop squatter');
    expect(run.exitCode).toBe(1);
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['rolled-back', 'not-begun']);
    expect(run.log).toContain('address already in use');
    expect(run.log).toContain('sudo sh /etc/docker/shipyard-cluster/transaction/undo.sh');
    const after = await Promise.all(nodes.map(nodeState));
    expect(after.map(files)).toEqual(before.map(files));
    expect(await nodes[0]?.script('docker version --format "{{.Server.Version}}"')).toContain('20.10');
    // The CA was written before the first node was touched, so that the next run can go on with it.
    expect(run.outputs['ca']).toMatch(/^[A-Za-z0-9+/]+=*$/);
    // The daemon was started with it, or the container would be gone, and gave it up again.
    expect(await Promise.all(nodes.map(liveRestore))).toEqual(['false', 'false']);
    await expectSameProcesses();
  });

  describe('and on a cluster that is set up', () => {
    let ca = '';
    beforeAll(async () => {
      ({ ca } = await firstRun(lab, cluster()));
    });

    test('on a renewal with a daemon that does not start any more: the old certificate is served again', async () => {
      const [node] = cluster().nodes;
      if (!node) throw new Error('there is a node');
      await expectSameProcesses();
      const served = await servedBy(node);
      const before = files(await nodeState(node));
      // A dockerd that refuses every certificate but the one in use.
      await wrapDockerd(node, 'echo "cannot use this certificate ::error::forged" >&2; exit 1');
      const run = await apply(lab, cluster(), { ca, 'force-renew': 'node1' });
      expect(run.exitCode).toBe(1);
      expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['rolled-back', 'unchanged']);
      expect(run.log).toContain('cannot use this certificate');
      expect(run.commands.filter(({ name }) => name === 'error').map(({ value }) => value)).not.toContain(
        'forged',
      );
      expect(files(await nodeState(node))).toBe(before);
      expect(await servedBy(node)).toBe(served);
      await expectSameProcesses();
      await node.script('mv /usr/sbin/dockerd.real /usr/sbin/dockerd');
      const next = await apply(lab, cluster(), { ca, 'force-renew': 'node1' });
      expect(next.exitCode).toBe(0);
      expect(json(next, 'nodes').map(({ action }) => action)).toEqual(['changed', 'unchanged']);
      expect(await servedBy(node)).not.toBe(served);
      await expectSameProcesses();
    });

    test('on renewals: a daemon that never becomes ready, and a sudo that is refused before the confirmation', async () => {
      const [first, second] = cluster().nodes;
      if (!first || !second) throw new Error('there are two nodes');
      const state = async () =>
        Promise.all(
          [first, second].map(async (node) => [files(await nodeState(node)), await servedBy(node)]),
        );
      const before = await state();
      const renew = async (only: LabNode, inputs: Inputs = {}) => {
        const more = { only: only.name, 'force-renew': 'all', 'rollback-timeout': '30s', ...inputs };
        const run = await apply(lab, cluster(), { ca, ...more });
        await settled(only);
        expect(run.exitCode).toBe(1);
        return { log: run.log, action: json(run, 'nodes')[0]?.['action'] };
      };
      // Whatever the unit waits for does not come, and its time is not limited.
      await wrapDockerd(second, 'exec sleep 600');
      // It works for the readings, the lock, the preparation and the switch.
      await first.writeFile(
        '/usr/local/bin/sudo',
        '#!/bin/sh\necho x >>/tmp/calls\n[ "$(wc -l </tmp/calls)" -le 5 ] || { echo "sudo: a password is required" >&2; exit 1; }\nexec /usr/bin/sudo "$@"\n',
        0o755,
      );
      await first.script('touch /tmp/calls; chmod 666 /tmp/calls');
      const asDeploy = inventory([first], { user: 'deploy' });
      const [hung, refused] = await Promise.all([
        renew(second),
        renew(first, { nodes: asDeploy, ...withoutShipyard }),
      ]);
      await first.script('rm /usr/local/bin/sudo /tmp/calls');
      await second.script('mv /usr/sbin/dockerd.real /usr/sbin/dockerd');
      expect(hung.action).toBe('rolled-back');
      expect(hung.log).toContain('docker did not start with the new configuration');
      expect(refused.action).toBe('left-to-undo');
      expect(refused.log).toContain('could not be confirmed: sudo: a password is required');
      expect(await state()).toEqual(before);
      await expectSameProcesses();
    });

    test('and through rollback, first set-up and renewal the containers counted every second', async () => {
      for (const [node, { start }] of payloads) {
        const seconds = [start, ...(await secondsOf(node, 'counter')), await now(node)];
        const gaps = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(LONGEST_GAP_SECONDS);
        expect(seconds.length).toBeGreaterThan(10);
      }
    });
  });
});
