import { beforeAll, describe, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import type { LabNode } from '../../lab/node.ts';
import { settled } from '../../lab/settled.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { type Counters, expectEverySecond, expectSameProcesses, startCounters } from './support/counters.ts';
import { servedBy } from './support/engine-port.ts';
import { atOnce } from './support/inputs.ts';
import { describeLab, useNodes } from './support/lab.ts';
import { liveRestore } from './support/live-restore.ts';
import { nodeState } from './support/node-state.ts';

/** Process ids differ after a restart; files, modes and owners must not. */
const files = (state: string): string => state.replace(/^dockerd .*$/m, '');

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
  const cluster = useNodes(lab, 2);
  let counters: Counters;

  beforeAll(async () => {
    counters = await startCounters(cluster().nodes);
  });

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
    await expectSameProcesses(counters);
  });

  describe('and on a cluster that is set up', () => {
    let ca = '';
    beforeAll(async () => {
      ({ ca } = await firstRun(lab, cluster()));
    });

    const both = (): readonly [LabNode, LabNode] => {
      const [first, second] = cluster().nodes;
      if (!first || !second) throw new Error('there are two nodes');
      return [first, second];
    };
    const state = async (node: LabNode) => ({
      files: files(await nodeState(node)),
      served: await servedBy(node),
    });
    const renewal = { 'force-renew': 'all', ...atOnce };

    test('on renewals with daemons that do not start, or never become ready: the old certificates are served again', async () => {
      const [first, second] = both();
      await expectSameProcesses(counters);
      const before = await Promise.all(both().map(state));
      // A dockerd that refuses every certificate but the one in use.
      await wrapDockerd(first, 'echo "cannot use this certificate ::error::forged" >&2; exit 1');
      // Whatever the unit waits for does not come, its time is not limited, and it does not end when it is asked to.
      await wrapDockerd(second, 'trap "" TERM; exec sleep 600');
      const run = await apply(lab, cluster(), { ca, 'rollback-timeout': '30s', ...renewal });
      for (const node of both()) await node.script('mv /usr/sbin/dockerd.real /usr/sbin/dockerd');
      expect(run.exitCode).toBe(1);
      expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['rolled-back', 'rolled-back']);
      expect(run.log).toContain('cannot use this certificate');
      expect(run.commands.filter(({ name }) => name === 'error').map(({ value }) => value)).not.toContain(
        'forged',
      );
      expect(run.log).toContain('[node2] rolled-back: docker did not start with the new configuration');
      expect(await Promise.all(both().map(state))).toEqual(before);
      await expectSameProcesses(counters);
    });

    test('on a renewal whose confirmation sudo refuses, while that of another node goes well', async () => {
      const [first, second] = both();
      const [before, other] = await Promise.all(both().map(state));
      // It works for the readings, the lock, the preparation and the switch.
      await first.writeFile(
        '/usr/local/bin/sudo',
        '#!/bin/sh\necho x >>/tmp/calls\n[ "$(wc -l </tmp/calls)" -le 5 ] || { echo "sudo: a password is required" >&2; exit 1; }\nexec /usr/bin/sudo "$@"\n',
        0o755,
      );
      await first.script('touch /tmp/calls; chmod 666 /tmp/calls');
      const nodes = inventory(both()).replace('- name: node1', '- name: node1\n    user: deploy');
      const run = await apply(lab, cluster(), { ca, nodes, 'rollback-timeout': '60s', ...renewal });
      await settled(first);
      await first.script('rm /usr/local/bin/sudo /tmp/calls');
      expect(run.exitCode).toBe(1);
      expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['left-to-undo', 'changed']);
      expect(run.log).toContain('could not be confirmed: sudo: a password is required');
      expect(await state(first)).toEqual(before);
      expect(await servedBy(second)).not.toBe(other?.served);
      await expectSameProcesses(counters);
    });

    test('and through rollback, first set-up and renewal the containers counted every second', async () => {
      await expectEverySecond(counters);
    });
  });
});
