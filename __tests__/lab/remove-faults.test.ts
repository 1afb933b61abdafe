import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { controlUrl } from '../../lab/master.ts';
import { type LabNode, startPayload } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json, type Inputs } from './support/apply.ts';
import { servedBy } from './support/engine-port.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { dockerPid, nodeState } from './support/node-state.ts';
import { rows } from './support/shipyard-rows.ts';

describeLab('a removal that cannot go well', (lab) => {
  // Each test has a node of its own.
  const cluster = useCluster(lab, 8);

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
    await node(8).script('docker swarm init --advertise-addr 127.0.0.1');
    await firstRun(lab, cluster(), { 'max-unavailable': '100%' });
    await startPayload(node(8), 'counter');
  }, 300_000);
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

  test('unregisters a node that cannot be reached, and says what is left on it', async () => {
    await node(1).disconnect();
    const run = await remove('node1', { 'connect-timeout': '3s' });
    await node(1).connect();
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['failed']);
    expect(run.log).toContain('[node1] engine changed (removal)');
    expect(run.log).toMatch(/\[node1\] failed: ssh: .*is still there: \/etc\/docker\/shipyard-cluster/);
    expect(await names()).not.toContain('node1');
    // Once it can be reached again the same run ends what is left.
    const again = await remove('node1');
    expect(again.exitCode).toBe(0);
    expect(actions(again)).toEqual(['removed']);
  });

  test('gives a node back although Shipyard cannot be asked, and says that it may still be listed', async () => {
    await fault({ 'database-lost': true });
    const run = await remove('node2');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['removed']);
    expect(run.log).toContain('the engines of node2 may still be listed');
    await fault({});
    expect(await names()).toContain('node2');
    const again = await remove('node2');
    expect(again.exitCode).toBe(0);
    expect(actions(again)).toEqual(['unchanged']);
    expect(await names()).not.toContain('node2');
  });

  test('says so where it knows no Shipyard', async () => {
    const run = await remove('node3', { 'shipyard-master': '', 'shipyard-password': '' });
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain(
      'no engine is unregistered, since neither shipyard-url nor shipyard-master is set',
    );
    expect(await names()).toContain('node3');
  });

  test('removes again what the health checkers of the controller write back', async () => {
    await fault({ 'return-removed': 2 });
    const run = await remove('node4');
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('[node4] removing what came back');
    expect(await names()).not.toContain('node4');
  });

  test('names what they write back again and again', async () => {
    await fault({ 'return-removed': 99 });
    const run = await remove('node5');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['removed']);
    expect(run.log).toMatch(/\[node5\] shipyard: the engine was removed \d times and is still listed \(id /);
    expect(run.log).toContain('restart the controller');
  });

  test('puts everything back where the port does not close', async () => {
    // Another program takes the port as soon as Docker gives it up. The daemon keeps the name of its process.
    await node(6).script(`
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
    const pid = await dockerPid(node(6));
    const before = (await nodeState(node(6))).replace(/^dockerd .*$/m, '');
    const run = await remove('node6', { 'rollback-timeout': '60s' });
    await node(6).script('mv /usr/sbin/real/dockerd /usr/sbin/dockerd');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['rolled-back']);
    expect(run.log).toContain('the proof failed: port 2376 is not seen closed: something listens on it');
    expect(run.log).toContain('; docker logged last: ');
    expect((await nodeState(node(6))).replace(/^dockerd .*$/m, '')).toBe(before);
    expect(await dockerPid(node(6))).not.toBe(pid);
    expect(await servedBy(node(6))).toContain('BEGIN CERTIFICATE');
  });

  test('refuses a node whose record cannot be read, and leaves its engine', async () => {
    await node(7).script('echo garbled >/etc/docker/shipyard-cluster/origin.json');
    const before = await nodeState(node(7));
    const run = await remove('node7');
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('[node7] failed: /etc/docker/shipyard-cluster/origin.json, the record');
    expect(await nodeState(node(7))).toBe(before);
    expect(await names()).toContain('node7');
    await node(7).script('rm /etc/docker/shipyard-cluster/origin.json');
    const again = await remove('node7');
    expect(again.exitCode).toBe(0);
    expect(again.log).toContain('is lost: only what is certainly the action');
    expect(JSON.parse(await node(7).readFile('/etc/docker/daemon.json'))).toEqual({ 'live-restore': true });
  });

  test('refuses a node whose containers would stop, until told that they may', async () => {
    const before = await nodeState(node(8));
    const run = await remove('node8');
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('1 running container(s) would stop: counter');
    expect(await nodeState(node(8))).toBe(before);
    expect(await names()).toContain('node8');
    const told = await remove('node8', { 'allow-container-restart': 'true' });
    expect(told.exitCode).toBe(0);
    expect(told.log).toContain('containers that did not keep their process: counter');
    expect(await names()).not.toContain('node8');
  });
});
