import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { controlUrl } from '../../lab/master.ts';
import { type LabNode, startPayload } from '../../lab/node.ts';
import { apply, firstRun, json, type Inputs } from './support/apply.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeState } from './support/node-state.ts';
import { rows } from './support/shipyard-rows.ts';

describeLab('a removal that cannot go well', (lab) => {
  const cluster = useCluster(lab, 3);
  let ca = '';

  const node = (index: number): LabNode => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  const names = async () => (await rows(cluster().master)).map(({ engine }) => engine.id).sort();
  const remove = (only: string, inputs: Inputs = {}) =>
    apply(lab, cluster(), { command: 'remove', only, 'ca-passphrase': '', ...inputs });
  const actions = (run: Awaited<ReturnType<typeof remove>>) => json(run, 'nodes').map(({ action }) => action);
  const fault = (faults: Readonly<Record<string, unknown>>) =>
    cluster().master.curl('--request', 'PUT', '--data', JSON.stringify(faults), `${controlUrl}/faults`);
  const dockerPid = (one: LabNode) => one.script('systemctl show --property MainPID --value docker.service');
  /** Sets up again what a test took out. */
  const setUp = async () => {
    const run = await apply(lab, cluster(), { ca, 'max-unavailable': '100%' });
    if (run.exitCode !== 0) throw new Error(run.log);
  };

  beforeAll(async () => {
    ({ ca } = await firstRun(lab, cluster(), { 'max-unavailable': '100%' }));
  });
  afterEach(async () => {
    await fault({});
  });

  test('does not begin without being told which nodes', async () => {
    const states = await Promise.all(cluster().nodes.map(nodeState));
    const run = await remove('');
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('only: is empty, and command remove takes out no node that it was not told of');
    expect(run.log).toContain("only: '*'");
    expect(await Promise.all(cluster().nodes.map(nodeState))).toEqual(states);
    expect(await names()).toEqual(['node1', 'node2', 'node3']);
  });

  test('unregisters a node that cannot be reached, and says what is left on it', async () => {
    await node(0).disconnect();
    const run = await remove('node1', { 'connect-timeout': '3s' });
    await node(0).connect();
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['failed']);
    expect(run.log).toContain('[node1] engine changed (removal)');
    expect(run.log).toMatch(/\[node1\] failed: ssh: .*is still there: \/etc\/docker\/shipyard-cluster/);
    expect(await names()).toEqual(['node2', 'node3']);
    // Once it can be reached again the same run ends what is left.
    const again = await remove('node1');
    expect(again.exitCode).toBe(0);
    expect(actions(again)).toEqual(['removed']);
    await setUp();
  });

  test('gives a node back although Shipyard cannot be asked, and says that it is still listed', async () => {
    await fault({ 'database-lost': true });
    const run = await remove('node1');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['removed']);
    expect(run.log).toContain('the engines of node1 may still be listed');
    await fault({});
    expect(await names()).toEqual(['node1', 'node2', 'node3']);
    const again = await remove('node1');
    expect(again.exitCode).toBe(0);
    expect(actions(again)).toEqual(['unchanged']);
    expect(await names()).toEqual(['node2', 'node3']);
    await setUp();
  });

  test('says so where it knows no Shipyard', async () => {
    const run = await remove('node1', { 'shipyard-master': '', 'shipyard-password': '' });
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain(
      'no engine is unregistered, since neither shipyard-url nor shipyard-master is set',
    );
    expect(await names()).toEqual(['node1', 'node2', 'node3']);
    await setUp();
  });

  test('removes again what the health checkers of the controller write back', async () => {
    await fault({ 'return-removed': 2 });
    const run = await remove('node1');
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('[node1] removing what came back');
    expect(await names()).toEqual(['node2', 'node3']);
    await setUp();
  });

  test('names what they write back again and again', async () => {
    await fault({ 'return-removed': 99 });
    const run = await remove('node1');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['removed']);
    expect(run.log).toMatch(/\[node1\] shipyard: the engine was removed \d times and is still listed \(id /);
    expect(run.log).toContain('restart the controller');
    await fault({});
    await setUp();
  });

  test('puts everything back where the port does not close', async () => {
    // Another program takes the port as soon as Docker gives it up.
    await node(1).script(`
      mv /usr/sbin/dockerd /usr/sbin/dockerd.real
      cat >/usr/sbin/dockerd <<'END'
#!/bin/sh
if grep -qs tlscert /etc/docker/daemon.json; then systemctl stop squatter 2>/dev/null
else systemd-run --quiet --collect --unit squatter systemd-socket-activate --listen 2376 --accept cat
fi
exec /usr/sbin/dockerd.real "$@"
END
      chmod 755 /usr/sbin/dockerd`);
    const pid = await dockerPid(node(1));
    const before = (await nodeState(node(1))).replace(/^dockerd .*$/m, '');
    const run = await remove('node2', { 'rollback-timeout': '30s' });
    await node(1).script('mv /usr/sbin/dockerd.real /usr/sbin/dockerd');
    expect(run.exitCode).toBe(1);
    expect(actions(run)).toEqual(['rolled-back']);
    expect(run.log).toContain('the proof failed: port 2376 is not seen closed: something listens on it');
    expect((await nodeState(node(1))).replace(/^dockerd .*$/m, '')).toBe(before);
    expect(await dockerPid(node(1))).not.toBe(pid);
    await setUp();
  });

  test('refuses a node whose record cannot be read, and leaves its engine', async () => {
    await node(1).script('echo garbled >/etc/docker/shipyard-cluster/origin.json');
    const before = await nodeState(node(1));
    const run = await remove('node2');
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('[node2] failed: /etc/docker/shipyard-cluster/origin.json, the record');
    expect(await nodeState(node(1))).toBe(before);
    expect(await names()).toContain('node2');
    await node(1).script('rm /etc/docker/shipyard-cluster/origin.json');
    const again = await remove('node2');
    expect(again.exitCode).toBe(0);
    expect(again.log).toContain('is lost: only what is certainly the action');
    expect(JSON.parse(await node(1).readFile('/etc/docker/daemon.json'))).toEqual({ 'live-restore': true });
  });

  test('refuses a node whose containers would stop, until told that they may', async () => {
    await remove('node3');
    await node(2).script('docker swarm init --advertise-addr 127.0.0.1');
    await setUp();
    await startPayload(node(2), 'counter');
    const before = await nodeState(node(2));
    const run = await remove('node3');
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('1 running container(s) would stop: counter');
    expect(await nodeState(node(2))).toBe(before);
    expect(await names()).toContain('node3');
    const told = await remove('node3', { 'allow-container-restart': 'true' });
    expect(told.exitCode).toBe(0);
    expect(told.log).toContain('containers that did not keep their process: counter');
    expect(await names()).not.toContain('node3');
  });
});
