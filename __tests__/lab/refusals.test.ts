import { beforeAll, expect, test } from '@jest/globals';
import { run as command } from '../../lab/command.ts';
import { replacePassword } from '../../lab/master.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { startPayload } from '../../lab/node.ts';
import { apply, firstRun, type Inputs } from './support/apply.ts';
import { nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeState } from './support/node-state.ts';
import { rows } from './support/shipyard-rows.ts';

/** One screen of text. */
const SCREEN_LINES = 40;

describeLab('a run that cannot go well says what is wrong and changes nothing', (lab) => {
  const cluster = useCluster(lab, 2);
  let ca = '';

  beforeAll(async () => {
    await node(1).script('docker swarm init --advertise-addr 127.0.0.1');
    ({ ca } = await firstRun(lab, cluster()));
    await startPayload(node(0), 'app');
  });

  const node = (index: number) => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };

  /** Runs the action with a fault and asserts exit code 1, a short log, and that no node and no engine changed. */
  async function refused(inputs: Inputs, shipyardPassword = 'shipyard'): Promise<ActionRun> {
    const state = async () => [
      ...(await Promise.all(cluster().nodes.map(nodeState))),
      await rows(cluster().master, shipyardPassword),
    ];
    const before = await state();
    const result = await apply(lab, cluster(), { ca, ...inputs });
    expect(await state()).toEqual(before);
    expect(result.exitCode).toBe(1);
    expect(result.log.split('\n').length).toBeLessThan(SCREEN_LINES);
    return result;
  }

  test('a host key that is not the known one: prints the offered key and the line to add', async () => {
    const other = node(1).hostKeys.find((key) => key.startsWith('ssh-ed25519')) ?? '';
    const own = node(0).hostKeys.find((key) => key.startsWith('ssh-ed25519')) ?? '';
    const inventory = `nodes: [{ name: node1, host: ${node(0).address}, host-keys: ${other} }]`;
    const { log } = await refused({ nodes: inventory });
    const { stdout } = await command(['ssh-keygen', '-lf', '-'], { stdin: own });
    expect(log).toContain(`the host key of ${node(0).address} is not the known one`);
    expect(log).toContain(stdout.split(' ')[1]);
    expect(log).toContain(`add this line to ssh-known-hosts: ${node(0).address} ${own}`);
  });

  test('a host key of a type that is not known at all', async () => {
    const rsa = node(0).hostKeys.find((key) => key.startsWith('ssh-rsa')) ?? '';
    await node(0).script('rm /etc/ssh/ssh_host_rsa_key*; systemctl restart ssh');
    const inventory = `nodes: [{ name: node1, host: ${node(0).address}, host-keys: ${rsa} }]`;
    const { log } = await refused({ nodes: inventory });
    expect(log).toContain('is not the known one; it offered');
  });

  test('a host without any known key', async () => {
    const { log } = await refused({ nodes: `node1=root@${node(0).address}` });
    expect(log).toMatch(/the host key of \S+ is not known; it offered \S+ SHA256:/);
  });

  test('an SSH key that the host does not accept', async () => {
    const key = await command([
      'sh',
      '-c',
      'd=$(mktemp -d) && ssh-keygen -q -t ed25519 -N "" -f $d/k && cat $d/k && rm -r $d',
    ]);
    const { log } = await refused({ 'ssh-private-key': key.stdout });
    expect(log).toContain('refused the login of root');
    expect(log).toContain('authorized_keys');
  });

  test('a wrong passphrase of the CA', async () => {
    const { log } = await refused({ 'ca-passphrase': 'another passphrase' });
    expect(log).toContain('ca-passphrase');
    expect(log).toContain('hint:');
  });

  test('no CA, as when the secret is missing', async () => {
    const { log, outputs } = await refused({ ca: '' });
    expect(log).toMatch(/ca: is empty.*there is no CA/);
    expect(log).toContain('create-ca: true');
    expect(outputs).toEqual({ nodes: '[]', engines: '[]', changed: 'false', 'next-expiry': '' });
  });

  test('consent to a new CA while the nodes have certificates of another one', async () => {
    const { log, outputs } = await refused({ ca: '', 'create-ca': 'true' });
    expect(log).toMatch(/node1 already has a certificate of a CA that was not given: .*key id [0-9a-f]{40}/);
    expect(outputs['ca']).toBeUndefined();
  });

  test('a node that cannot be reached: the others are still looked after, and it is named', async () => {
    const inventory = `${nodeInputs(lab, cluster())['nodes'] ?? ''}  - { name: gone, host: ${node(0).address}, port: 2222, address: gone.example.org }\n`;
    const { log, outputs } = await refused({ nodes: inventory });
    expect(log).toContain('[gone] failed: ssh: cannot reach');
    expect(JSON.parse(outputs['nodes'] ?? '')).toMatchObject([
      { name: 'node1', action: 'unchanged' },
      { name: 'node2', action: 'unchanged' },
      { name: 'gone', action: 'failed' },
    ]);
  });

  test('a wrong Shipyard password', async () => {
    const { master } = cluster();
    // An account with the published password would be given the one that is asked for.
    await replacePassword(master, 'shipyard', 'a password of the lab');
    const { log } = await refused({ 'shipyard-password': 'not the password' }, 'a password of the lab');
    await replacePassword(master, 'a password of the lab', 'shipyard');
    expect(log).toContain('shipyard: the login was refused (403: invalid username/password)');
    expect(log).toContain('shipyard-password');
  });

  test('a Shipyard that does not answer', async () => {
    const { log } = await refused({ 'shipyard-url': 'http://127.0.0.1:1' });
    expect(log).toContain('shipyard: no answer from http://127.0.0.1:');
  });

  test('a host where sudo asks for a password', async () => {
    await node(0).script(
      'useradd --create-home nosudo; cp -r /root/.ssh /home/nosudo/; chown -R nosudo: /home/nosudo',
    );
    const inventory = (nodeInputs(lab, cluster())['nodes'] ?? '').replaceAll(
      '- name: node1',
      '- name: node1\n    user: nosudo',
    );
    const { log } = await refused({ nodes: inventory });
    expect(log).toContain('[node1] failed: sudo is refused');
    expect(log).toContain('NOPASSWD');
    await node(0).script('userdel --remove nosudo');
  });

  test('running containers in swarm mode, where live-restore cannot be had: refused until told that they may stop', async () => {
    await startPayload(node(1), 'counter');
    const { log } = await refused({ 'force-renew': 'node2' });
    expect(log).toContain(
      '[node2] failed: Docker must restart, and 1 running container(s) would stop: counter',
    );
    expect(log).toContain('allow-container-restart: true');
    await node(1).script('docker rm --force counter');
  });

  test('a clock that is a day off', async () => {
    await node(0).writeFile(
      '/usr/local/sbin/date',
      '#!/bin/sh\nexec /usr/bin/date --date=tomorrow "$@"\n',
      0o755,
    );
    const { log } = await refused({});
    await node(0).script('rm /usr/local/sbin/date');
    expect(log).toContain("[node1] failed: the node's clock is 1440 minutes ahead of the runner's");
  });

  test('a full disk during the upload', async () => {
    await node(0).script(
      'cp -r /root /tmp/root; mount -t tmpfs -o size=16k,mode=700 tmpfs /root; cp -r /tmp/root/.ssh /root/; dd if=/dev/zero of=/root/full bs=1k 2>/dev/null || true',
    );
    const { log } = await refused({ 'force-renew': 'node1' });
    await node(0).script('umount /root; rm -r /tmp/root');
    expect(log).toContain('did NOT match');
    expect(log).toContain('[node1] failed: the change could not be prepared: ');
  });

  test('a full disk while the change is prepared', async () => {
    const base = '/etc/docker/shipyard-cluster';
    await node(0).script(
      `cp -a ${base} /tmp/base; mount -t tmpfs -o size=100k,mode=700 tmpfs ${base}; cp -a /tmp/base/. ${base}/; dd if=/dev/zero of=${base}/full bs=1k 2>/dev/null || true`,
    );
    const { log } = await refused({ 'force-renew': 'node1' });
    await node(0).script(`umount ${base}; rm -r /tmp/base`);
    expect(log).toContain('[node1] failed: the change could not be prepared');
  });

  test('an /etc that is read-only', async () => {
    await node(0).script('mount --bind /etc /etc; mount -o remount,ro,bind /etc');
    const { log } = await refused({ 'force-renew': 'node1' });
    await node(0).script('umount /etc');
    expect(log).toContain('[node1] failed: the change could not be prepared');
    expect(log).toContain('Read-only file system');
  });

  test('sudo that is refused half way', async () => {
    const inventory = (nodeInputs(lab, cluster())['nodes'] ?? '').replaceAll(
      '- name: node1',
      '- name: node1\n    user: deploy',
    );
    // The login shell finds this one first; it works for the reading, the lock and the second reading.
    await node(0).writeFile(
      '/usr/local/bin/sudo',
      '#!/bin/sh\necho x >>/tmp/sudo-calls\n[ "$(wc -l </tmp/sudo-calls)" -le 3 ] || { echo "sudo: a password is required" >&2; exit 1; }\nexec /usr/bin/sudo "$@"\n',
      0o755,
    );
    await node(0).script('touch /tmp/sudo-calls; chmod 666 /tmp/sudo-calls');
    const { log } = await refused({ nodes: inventory, 'force-renew': 'node1' });
    await node(0).script('rm /usr/local/bin/sudo /tmp/sudo-calls');
    expect(log).toContain('[node1] failed: the change could not be prepared: sudo: a password is required');
  });

  test('an inventory with mistakes: all of them at once', async () => {
    const { log } = await refused({
      nodes: 'nodes: [{ name: "a b", host: 10.0.0.1 }, { name: c, hots: 10.0.0.2 }]',
      'cert-days': '9999',
    });
    expect(log).toContain('hots');
    expect(log).toContain('cert-days');
  });
});
