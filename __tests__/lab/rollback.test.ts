import { beforeAll, describe, expect, test } from '@jest/globals';
import { apply, firstRun, json } from './support/apply.ts';
import { servedBy } from './support/engine-port.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeState } from './support/node-state.ts';

/** Process ids differ after a restart; files, modes and owners must not. */
const files = (state: string): string => state.replace(/^dockerd .*$/m, '');

describeLab('a node on which the change fails is put back as it was, and the rollout stops', (lab) => {
  const cluster = useCluster(lab, 2);

  test('on a first set-up whose port is taken by another program', async () => {
    const { nodes } = cluster();
    const before = await Promise.all(nodes.map(nodeState));
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
  });

  describe('and on a cluster that is set up', () => {
    let ca = '';
    beforeAll(async () => {
      ({ ca } = await firstRun(lab, cluster()));
    });

    test('on a renewal with a daemon that does not start any more: the old certificate is served again', async () => {
      const [node] = cluster().nodes;
      if (!node) throw new Error('there is a node');
      const served = await servedBy(node);
      const before = files(await nodeState(node));
      // A dockerd that refuses every certificate but the one in use.
      await node.script(`
        serial=$(basename "$(readlink /etc/docker/shipyard-cluster/current)")
        mv /usr/sbin/dockerd /usr/sbin/dockerd.real
        printf '#!/bin/sh\\n[ "$(basename "$(readlink /etc/docker/shipyard-cluster/current)")" = %s ] || { echo "cannot use this certificate ::error::forged" >&2; exit 1; }\\nexec /usr/sbin/dockerd.real "$@"\\n' "$serial" >/usr/sbin/dockerd
        chmod 755 /usr/sbin/dockerd`);
      const run = await apply(lab, cluster(), { ca, 'force-renew': 'node1' });
      expect(run.exitCode).toBe(1);
      expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['rolled-back', 'unchanged']);
      expect(run.log).toContain('cannot use this certificate');
      expect(run.commands.filter(({ name }) => name === 'error').map(({ value }) => value)).not.toContain(
        'forged',
      );
      expect(files(await nodeState(node))).toBe(before);
      expect(await servedBy(node)).toBe(served);
      await node.script('mv /usr/sbin/dockerd.real /usr/sbin/dockerd');
      const next = await apply(lab, cluster(), { ca });
      expect(next.exitCode).toBe(0);
    });
  });
});
