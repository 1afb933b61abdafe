import { beforeAll, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import { run as command } from '../../lab/command.ts';
import { replacePassword } from '../../lab/master.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { startPayload } from '../../lab/node.ts';
import { apply, firstRun, type Inputs } from './support/apply.ts';
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

  /** Asserts that no node and no engine is another one after a piece of work than before it. */
  async function unchanged<T>(work: () => Promise<T>, shipyardPassword = 'shipyard'): Promise<T> {
    const state = async () => [
      ...(await Promise.all(cluster().nodes.map(nodeState))),
      await rows(cluster().master, shipyardPassword),
    ];
    const before = await state();
    const result = await work();
    expect(await state()).toEqual(before);
    return result;
  }

  /** Runs the action with a fault and asserts exit code 1 and a short log. */
  async function failing(inputs: Inputs): Promise<ActionRun> {
    const result = await apply(lab, cluster(), { ca, ...inputs });
    expect(result.exitCode).toBe(1);
    expect(result.log.split('\n').length).toBeLessThan(SCREEN_LINES);
    return result;
  }

  const refused = (inputs: Inputs, shipyardPassword?: string): Promise<ActionRun> =>
    unchanged(() => failing(inputs), shipyardPassword);

  /** Node 1 or 2 is logged in to as somebody else. */
  const loggedInAs = (user: string, name: string): string =>
    inventory(cluster().nodes).replace(`- name: ${name}\n`, `- name: ${name}\n    user: ${user}\n`);

  test('inputs with mistakes (all of them at once), a wrong passphrase of the CA, and no CA, as when the secret is missing', async () => {
    const [mistakes, passphrase, none] = await unchanged(async () => [
      await failing({
        nodes: 'nodes: [{ name: "a b", host: 10.0.0.1 }, { name: c, hots: 10.0.0.2 }]',
        'cert-days': '9999',
      }),
      await failing({ 'ca-passphrase': 'another passphrase' }),
      await failing({ ca: '' }),
    ]);
    expect(mistakes.log).toContain('hots');
    expect(mistakes.log).toContain('cert-days');
    expect(passphrase.log).toContain('ca-passphrase');
    expect(passphrase.log).toContain('hint:');
    expect(none.log).toMatch(/ca: is empty.*there is no CA/);
    expect(none.log).toContain('create-ca: true');
    expect(none.outputs).toEqual({ nodes: '[]', engines: '[]', changed: 'false', 'next-expiry': '' });
  });

  test('a host key that is not the known one (prints the offered key and the line to add), and a host without any known key', async () => {
    const other = node(1).hostKeys.find((key) => key.startsWith('ssh-ed25519')) ?? '';
    const own = node(0).hostKeys.find((key) => key.startsWith('ssh-ed25519')) ?? '';
    const nodes = `nodes:
      - { name: node1, host: ${node(0).address}, host-keys: ${other} }
      - { name: node2, host: ${node(1).address} }`;
    const { log } = await refused({ nodes });
    const { stdout } = await command(['ssh-keygen', '-lf', '-'], { stdin: own });
    expect(log).toContain(`the host key of ${node(0).address} is not the known one`);
    expect(log).toContain(stdout.split(' ')[1]);
    expect(log).toContain(`add this line to ssh-known-hosts: ${node(0).address} ${own}`);
    expect(log).toMatch(/the host key of \S+ is not known; it offered \S+ SHA256:/);
  });

  test('a host key of a type that is not known, and a node that cannot be reached: both are named, and the others are looked after', async () => {
    const rsa = node(0).hostKeys.find((key) => key.startsWith('ssh-rsa')) ?? '';
    await node(0).script('rm /etc/ssh/ssh_host_rsa_key*; systemctl restart ssh');
    const nodes = `nodes:
      - { name: node1, host: ${node(0).address}, host-keys: ${rsa} }
      - { name: node2, host: ${node(1).address}, host-keys: [${node(1).hostKeys.join(', ')}] }
      - { name: gone, host: ${node(0).address}, port: 2222, address: gone.example.org, host-keys: ${rsa} }`;
    const { log, outputs } = await refused({ nodes });
    expect(log).toContain(`the host key of ${node(0).address} is not the known one; it offered`);
    expect(log).toContain('[gone] failed: ssh: cannot reach');
    expect(JSON.parse(outputs['nodes'] ?? '')).toMatchObject([
      { name: 'node1', action: 'failed' },
      { name: 'node2', action: 'unchanged' },
      { name: 'gone', action: 'failed' },
    ]);
  });

  test('an SSH key that the host does not accept', async () => {
    const key = await command([
      'sh',
      '-c',
      'd=$(mktemp -d) && ssh-keygen -q -t ed25519 -N "" -f $d/k && cat $d/k && rm -r $d',
    ]);
    const { log } = await refused({ only: 'node1', 'ssh-private-key': key.stdout });
    expect(log).toContain('refused the login of root');
    expect(log).toContain('authorized_keys');
  });

  test('consent to a new CA while the nodes have certificates of another one', async () => {
    const { log, outputs } = await refused({ ca: '', 'create-ca': 'true' });
    expect(log).toMatch(/node1 already has a certificate of a CA that was not given: .*key id [0-9a-f]{40}/);
    expect(outputs['ca']).toBeUndefined();
  });

  test('a wrong Shipyard password', async () => {
    const { master } = cluster();
    // An account with the published password would be given the one that is asked for.
    await replacePassword(master, 'shipyard', 'a password of the lab');
    const { log } = await refused(
      { only: 'node1', 'shipyard-password': 'not the password' },
      'a password of the lab',
    );
    await replacePassword(master, 'a password of the lab', 'shipyard');
    expect(log).toContain('shipyard: the login was refused (403: invalid username/password)');
    expect(log).toContain('shipyard-password');
  });

  test('a Shipyard that does not answer, and a clock that is a day off', async () => {
    await node(0).writeFile(
      '/usr/local/sbin/date',
      '#!/bin/sh\nexec /usr/bin/date --date=tomorrow "$@"\n',
      0o755,
    );
    const { log } = await refused({ 'shipyard-url': 'http://127.0.0.1:1' });
    await node(0).script('rm /usr/local/sbin/date');
    expect(log).toContain('shipyard: no answer from http://127.0.0.1:');
    expect(log).toContain("[node1] failed: the node's clock is 1440 minutes ahead of the runner's");
  });

  test('a host where sudo asks for a password, and one in swarm mode, where live-restore cannot be had and containers run: refused until told that they may stop', async () => {
    await node(0).script(
      'useradd --create-home nosudo; cp -r /root/.ssh /home/nosudo/; chown -R nosudo: /home/nosudo',
    );
    await startPayload(node(1), 'counter');
    const { log } = await refused({ nodes: loggedInAs('nosudo', 'node1'), 'force-renew': 'node2' });
    await node(0).script('userdel --remove nosudo');
    await node(1).script('docker rm --force counter');
    expect(log).toContain('[node1] failed: sudo is refused');
    expect(log).toContain('NOPASSWD');
    expect(log).toContain(
      '[node2] failed: Docker must restart, and 1 running container(s) would stop: counter',
    );
    expect(log).toContain('allow-container-restart: true');
  });

  test('a full disk, during the upload and while the change is prepared', async () => {
    await node(0).script(
      'cp -r /root /tmp/root; mount -t tmpfs -o size=16k,mode=700 tmpfs /root; cp -r /tmp/root/.ssh /root/; dd if=/dev/zero of=/root/full bs=1k 2>/dev/null || true',
    );
    const base = '/etc/docker/shipyard-cluster';
    await node(1).script(
      `cp -a ${base} /tmp/base; mount -t tmpfs -o size=100k,mode=700 tmpfs ${base}; cp -a /tmp/base/. ${base}/; dd if=/dev/zero of=${base}/full bs=1k 2>/dev/null || true`,
    );
    const { log } = await refused({ 'force-renew': 'all' });
    await node(0).script('umount /root; rm -r /tmp/root');
    await node(1).script(`umount ${base}; rm -r /tmp/base`);
    expect(log).toContain('did NOT match');
    expect(log).toContain('[node1] failed: the change could not be prepared: ');
    expect(log).toContain('[node2] failed: the change could not be prepared');
  });

  test('an /etc that is read-only, and sudo that is refused half way', async () => {
    await node(0).script('mount --bind /etc /etc; mount -o remount,ro,bind /etc');
    // The login shell finds this one first; it works for the reading, the lock and the second reading.
    await node(1).writeFile(
      '/usr/local/bin/sudo',
      '#!/bin/sh\necho x >>/tmp/sudo-calls\n[ "$(wc -l </tmp/sudo-calls)" -le 3 ] || { echo "sudo: a password is required" >&2; exit 1; }\nexec /usr/bin/sudo "$@"\n',
      0o755,
    );
    await node(1).script('touch /tmp/sudo-calls; chmod 666 /tmp/sudo-calls');
    const { log } = await refused({ nodes: loggedInAs('deploy', 'node2'), 'force-renew': 'all' });
    await node(0).script('umount /etc');
    await node(1).script('rm /usr/local/bin/sudo /tmp/sudo-calls');
    expect(log).toContain('[node1] failed: the change could not be prepared');
    expect(log).toContain('Read-only file system');
    expect(log).toContain('[node2] failed: the change could not be prepared: sudo: a password is required');
  });
});
