import { beforeAll, expect, test } from '@jest/globals';
import { apply, firstRun, json } from './support/apply.ts';
import { nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';

describeLab('ways to reach a node', (lab) => {
  const cluster = useCluster(lab, 2);
  let ca = '';

  /** node1 through a user with passwordless sudo. */
  const inventory = (): string =>
    (nodeInputs(lab, cluster())['nodes'] ?? '').replace('- name: node1', '- name: node1\n    user: deploy');

  beforeAll(async () => {
    ({ ca } = await firstRun(lab, cluster(), { nodes: inventory() }));
  });

  test('a user with passwordless sudo: the same result, and nothing left in the home directory', async () => {
    const [node] = cluster().nodes;
    expect(await node?.script('stat --format "%a %U" /etc/docker/shipyard-cluster/current/key.pem')).toBe(
      '600 root',
    );
    expect(await node?.script('ls -A /home/deploy | grep shipyard-cluster || true')).toBe('');
  });

  test('a host that forbids TCP forwarding: the proof is taken directly', async () => {
    const [node] = cluster().nodes;
    await node?.script(
      'echo "AllowTcpForwarding no" >/etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh',
    );
    const run = await apply(lab, cluster(), { ca, 'force-renew': 'node1' });
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed', 'unchanged']);
  });

  test('a host that forbids forwarding behind a firewall: refused before anything is changed', async () => {
    const [node] = cluster().nodes;
    await node?.script(
      'nft "add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c tcp dport 2376 drop"',
    );
    const run = await apply(lab, cluster(), { ca, 'force-renew': 'node1' });
    expect(run.exitCode).toBe(1);
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['failed', 'unchanged']);
    expect(run.log).toContain('AllowTcpForwarding');
    await node?.script('nft delete table inet t; rm /etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh');
  });

  test('a firewall alone does not matter: the proof goes through SSH, and the report says that the port is closed', async () => {
    const [node] = cluster().nodes;
    await node?.script(
      'nft "add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c iif != lo tcp dport 2376 drop"',
    );
    const run = await apply(lab, cluster(), {
      ca,
      'shipyard-master': '',
      'shipyard-password': '',
      'force-renew': 'node1',
    });
    await node?.script('nft delete table inet t');
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ action, reachable }) => ({ action, reachable }))).toEqual([
      { action: 'changed', reachable: false },
      { action: 'unchanged', reachable: true },
    ]);
    expect(run.log).toContain('Shipyard was left alone');
  });
});
