import { beforeAll, expect, test } from '@jest/globals';
import type { LabMachine } from '../../lab/container.ts';
import { run as command } from '../../lab/command.ts';
import { bookworm } from '../../lab/images.ts';
import { type ActionRun, runAction } from '../../lab/runner.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { nodeInputs } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';

describeLab('nodes that have IPv6 only', (lab) => {
  const cluster = useCluster(lab, [bookworm, bookworm]);
  let run: ActionRun;
  let ca = '';

  /** Everything goes by IPv6 addresses; node2 listens on its own and no other. */
  const inputs = (): Readonly<Record<string, string>> => {
    const { master, nodes } = cluster();
    const listed = nodes.reduce(
      (text, node) => text.replace(`host: ${node.address}\n`, `host: ${address6(node)}\n`),
      nodeInputs(lab, cluster())['nodes'] ?? '',
    );
    return {
      nodes: listed.replace('- name: node2', `- name: node2\n    listen: ${address6(at(1))}`),
      'shipyard-master': `root@[${address6(master)}]:22`,
      'ssh-known-hosts': keysOf(master),
      firewall: 'nftables',
      'firewall-allow': address6(master),
    };
  };
  const at = (index: number): LabMachine => {
    const node = cluster().nodes[index];
    if (!node) throw new Error(`there is no node ${index}`);
    return node;
  };
  const served = async (node: LabMachine): Promise<string> => {
    const connect = ['-connect', `[${address6(node)}]:2376`];
    const { stdout } = await cluster().master.exec(['openssl', 's_client', ...connect], { stdin: '' });
    return /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(stdout)?.[0] ?? '';
  };

  beforeAll(async () => {
    for (const node of cluster().nodes)
      await node.script(`
        echo 'AddressFamily inet6' >/etc/ssh/sshd_config.d/lab.conf
        systemctl restart ssh
        ip -4 address flush dev eth0`);
    ({ run, ca } = await firstRun(lab, cluster(), inputs()));
  });

  test('get the whole job, and their engines are up in Shipyard by URLs with brackets', async () => {
    const ssh = ['timeout', '1', 'bash', '-c', `: </dev/tcp/${at(0).address}/22`];
    expect((await command(ssh)).code).not.toBe(0);
    expect(json(run, 'nodes').map(({ action, firewall }) => ({ action, firewall }))).toEqual([
      { action: 'changed', firewall: 'nftables' },
      { action: 'changed', firewall: 'nftables' },
    ]);
    expect(json(run, 'engines').map(({ addr, health }) => ({ addr, health }))).toEqual(
      cluster().nodes.map((node) => ({ addr: `https://[${address6(node)}]:2376`, health: 'up' })),
    );
    expect(run.log).not.toMatch(/%eth0|fe80:/);
  });

  test('have certificates for their addresses, as openssl reads them', async () => {
    const verify =
      'cd /etc/docker/shipyard-cluster/current; openssl verify -CAfile ca.pem -verify_ip "$1" cert.pem';
    for (const node of cluster().nodes)
      expect(await node.script(verify, { args: [address6(node)] })).toBe('cert.pem: OK');
  });

  test('are listened on only where that was asked, and let in who may', async () => {
    const listeners =
      'ss --no-header --listening --numeric --tcp "sport = :2376" | tr -s " " | cut -d " " -f 4';
    expect(await at(0).script(listeners)).toBe('*:2376');
    expect(await at(1).script(listeners)).toBe(`[${address6(at(1))}]:2376`);
    for (const node of cluster().nodes) {
      expect(await served(node)).toContain('BEGIN CERTIFICATE');
      const curl = [
        'curl',
        '--silent',
        '--insecure',
        '--max-time',
        '3',
        `https://[${address6(node)}]:2376/_ping`,
      ];
      expect((await command(curl)).code).toBe(28);
    }
  });

  test('are renewed, through a jump host that is reached over IPv6 as well; who is not due has nothing to do', async () => {
    const first = await served(at(0));
    const quiet = await nodeState(at(1));
    const renewal = await apply(lab, cluster(), {
      ...{ ...inputs(), ca, 'force-renew': 'node1' },
      'ssh-jump': `root@[${address6(cluster().master)}]`,
    });
    expect(renewal.log).not.toContain('::error');
    expect(json(renewal, 'nodes').map(({ action }) => action)).toEqual(['changed', 'unchanged']);
    expect(json(renewal, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
    const renewed = await served(at(0));
    expect(renewed).toContain('BEGIN CERTIFICATE');
    expect(renewed).not.toBe(first);
    expect(await nodeState(at(1))).toBe(quiet);
  });

  test('show their host keys, in lines that the next run takes', async () => {
    const { nodes = '', 'shipyard-master': master = '' } = inputs();
    const scan = await runAction({ inputs: { command: 'scan-host-keys', nodes, 'shipyard-master': master } });
    expect((scan.outputs['host-keys'] ?? '').split('\n').sort()).toEqual(
      [...cluster().nodes, cluster().master].map(keysOf).join('').split('\n').sort(),
    );
  });

  test('are given back: nothing listens on their ports, and Shipyard lists none of them', async () => {
    const given = { ...inputs(), firewall: '', 'firewall-allow': '', 'ca-passphrase': '' };
    const removal = await apply(lab, cluster(), { ...given, command: 'remove', only: '*' });
    expect(json(removal, 'nodes').map(({ action }) => action)).toEqual(['removed', 'removed']);
    expect(json(removal, 'engines')).toEqual([]);
    for (const node of cluster().nodes) {
      expect(await served(node)).toBe('');
      expect(await node.script('ls -d /etc/docker/shipyard-cluster || true')).toBe('');
    }
  });
});

function keysOf(machine: LabMachine): string {
  return machine.hostKeys.map((key) => `${address6(machine)} ${key}\n`).join('');
}

function address6({ address6: address, name }: LabMachine): string {
  if (address === undefined) throw new Error(`the lab's network has no IPv6, and neither has ${name}`);
  return address;
}
