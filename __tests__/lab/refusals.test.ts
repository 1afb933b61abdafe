import { beforeAll, expect, test } from '@jest/globals';
import { run as command } from '../../lab/command.ts';
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
    ({ ca } = await firstRun(lab, cluster()));
  });

  const node = (index: number) => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };

  /** Runs the action with a fault and asserts exit code 1, a short log, and that no node and no engine changed. */
  async function refused(inputs: Inputs): Promise<ActionRun> {
    const state = async () => [
      ...(await Promise.all(cluster().nodes.map(nodeState))),
      await rows(cluster().master),
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
    const { log } = await refused({ ca: '' });
    expect(log).toMatch(/ca: is empty.*there is no CA/);
    expect(log).toContain('create-ca: true');
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
    const { log } = await refused({ 'shipyard-password': 'not the password' });
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

  test('running containers that would not survive the restart', async () => {
    await startPayload(node(0), 'counter');
    const { log } = await refused({ 'force-renew': 'node1' });
    expect(log).toContain(
      '[node1] failed: Docker must restart, and 1 running container(s) would stop: counter',
    );
    expect(log).toContain('live-restore');
    await node(0).script('docker rm --force counter');
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
