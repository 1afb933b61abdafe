import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { controlUrl } from '../../lab/master.ts';
import { type LabNode, startPayload } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json, type Inputs } from '../lab/support/apply.ts';
import { servedBy } from '../lab/support/engine-port.ts';
import { withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { dockerPid, nodeState } from '../lab/support/node-state.ts';
import { rows } from '../lab/support/shipyard-rows.ts';

describeLab('a removal that cannot go well', (lab) => {
  // One that goes wrong with Shipyard, one by itself, one without its record, and one in swarm mode.
  const cluster = useCluster(lab, 4);

  const node = (number: number): LabNode => {
    const found = cluster().nodes[number - 1];
    if (!found) throw new Error(`there is no node${number}`);
    return found;
  };
  const names = async () => (await rows(cluster().master)).map(({ engine }) => engine.id);
  const remove = (only: string, inputs: Inputs = {}) =>
    apply(lab, cluster(), { command: 'remove', only, 'ca-passphrase': '', ...inputs });
  const actions = (run: ActionRun) => json(run, 'nodes').map(({ action }) => action);
  const fault = (faults: Readonly<Record<string, unknown>>) =>
    cluster().master.curl('--request', 'PUT', '--data', JSON.stringify(faults), `${controlUrl}/faults`);

  beforeAll(async () => {
    await node(4).script('docker swarm init --advertise-addr 127.0.0.1');
    await firstRun(lab, cluster(), { 'max-unavailable': '100%' });
    await startPayload(node(4), 'counter');
  });
  afterEach(async () => {
    await fault({});
  });

  test('does not begin without being told which nodes', async () => {
    const states = await Promise.all(cluster().nodes.map(nodeState));
    const engines = await names();
    const run = await remove('');
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('only: is empty, and command remove takes out no node that it was not told of');
    expect(run.log).toContain("only: '*'");
    expect(await Promise.all(cluster().nodes.map(nodeState))).toEqual(states);
    expect(await names()).toEqual(engines);
  });

  test('gives a node back although Shipyard cannot be asked, and says that it may still be listed', async () => {
    await fault({ 'database-lost': true });
    const run = await remove('node1');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['removed']);
    expect(run.log).toContain('the engines of node1 may still be listed');
    await fault({});
    expect(await names()).toContain('node1');
  });

  test('names what the health checkers of the controller write back again and again', async () => {
    await fault({ 'return-removed': 99 });
    const run = await remove('node1');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['unchanged']);
    expect(run.log).toMatch(/\[node1\] shipyard: the engine was removed \d times and is still listed \(id /);
    expect(run.log).toContain('restart the controller');
    expect(await names()).toContain('node1');
  });

  test('removes again what they write back for a while', async () => {
    await fault({ 'return-removed': 2 });
    const run = await remove('node1');
    expect(run.exitCode).toBe(0);
    expect(actions(run)).toEqual(['unchanged']);
    expect(run.log).toContain('[node1] removing what came back');
    expect(await names()).not.toContain('node1');
  });

  test('puts everything back where the port does not close; without a Shipyard no engine is unregistered', async () => {
    // Another program takes the port as soon as Docker gives it up. The daemon keeps the name of its process.
    await node(2).script(`
      mkdir /usr/sbin/real
      mv /usr/sbin/dockerd /usr/sbin/real/
      cat >/usr/sbin/dockerd <<'END'
#!/bin/sh
if grep -qs tlscert /etc/docker/daemon.json; then systemctl stop squatter 2>/dev/null
else systemd-run --quiet --collect --unit squatter systemd-socket-activate --listen 2376 --accept cat
fi
exec /usr/sbin/real/dockerd "$@"
END
      chmod 755 /usr/sbin/dockerd`);
    const pid = await dockerPid(node(2));
    const before = (await nodeState(node(2))).replace(/^dockerd .*$/m, '');
    const run = await remove('node2', {
      'rollback-timeout': '60s',
      ...withoutShipyard,
    });
    await node(2).script('mv /usr/sbin/real/dockerd /usr/sbin/dockerd');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['rolled-back']);
    expect(run.log).toContain('the proof failed: port 2376 is not seen closed: something listens on it');
    expect(run.log).toContain('; docker logged last: ');
    expect((await nodeState(node(2))).replace(/^dockerd .*$/m, '')).toBe(before);
    expect(await dockerPid(node(2))).not.toBe(pid);
    expect(await servedBy(node(2))).toContain('BEGIN CERTIFICATE');
    expect(run.log).toContain(
      'no engine is unregistered, since neither shipyard-url nor shipyard-master is set',
    );
    expect(await names()).toContain('node2');
  });

  test('unregisters a node that cannot be reached, and says what is left on it', async () => {
    await node(2).disconnect();
    const run = await remove('node2', { 'connect-timeout': '3s' });
    await node(2).connect();
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['failed']);
    expect(run.log).toContain('[node2] engine changed (removal)');
    expect(run.log).toMatch(/\[node2\] failed: ssh: .*is still there: \/etc\/docker\/shipyard-cluster/);
    expect(await names()).not.toContain('node2');
  });

  test('refuses a node whose record cannot be read, and one whose containers would stop, and leaves their engines', async () => {
    await node(3).script('echo garbled >/etc/docker/shipyard-cluster/origin.json');
    const before = await Promise.all([node(3), node(4)].map(nodeState));
    const run = await remove('node3 node4');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['failed', 'failed']);
    expect(run.log).toContain('[node3] failed: /etc/docker/shipyard-cluster/origin.json, the record');
    expect(run.log).toContain('1 running container(s) would stop: counter');
    expect(await Promise.all([node(3), node(4)].map(nodeState))).toEqual(before);
    expect(await names()).toEqual(expect.arrayContaining(['node3', 'node4']));
  });

  test('gives them all back once they can be reached, are without that record, and their containers may stop', async () => {
    await node(3).script('rm /etc/docker/shipyard-cluster/origin.json');
    const run = await remove('node2 node3 node4', {
      'allow-container-restart': 'true',
      'max-unavailable': '100%',
    });
    expect(run.exitCode).toBe(0);
    expect(actions(run)).toEqual(['removed', 'removed', 'removed']);
    expect(run.log).toContain('is lost: only what is certainly the action');
    expect(JSON.parse(await node(3).readFile('/etc/docker/daemon.json'))).toEqual({ 'live-restore': true });
    expect(run.log).toContain('[node4] containers that did not keep their process: counter');
    expect(await names()).toEqual([]);
  });
});
