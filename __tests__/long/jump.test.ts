import { beforeAll, expect, test } from '@jest/globals';
import type { LabMachine } from '../../lab/container.ts';
import { run as runCommand } from '../../lab/command.ts';
import { pidOfPayload, startPayload } from '../../lab/node.ts';
import { type ActionRun, runAction } from '../../lab/runner.ts';
import { knownHosts } from '../../lab/ssh-client.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { clearStops, reached, stopAt } from '../lab/support/breakpoint.ts';
import { nodeInputs, withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';

describeLab('nodes behind jump hosts', (lab) => {
  const cluster = useCluster(lab, 2);
  let run: ActionRun;
  let ca: string;
  let pid: number;

  const machines = (): readonly [LabMachine, LabMachine, LabMachine] => {
    const [node1, node2] = cluster().nodes;
    if (!node1 || !node2) throw new Error('there are two nodes');
    return [cluster().master, node1, node2];
  };
  /** node1 behind the master, and node2 behind node1. */
  const inputs = (): Readonly<Record<string, string>> => {
    const [master, node1] = machines();
    const jump = `root@${master.address},root@${node1.address}:22`;
    const { nodes = '' } = nodeInputs(lab, cluster());
    return {
      nodes: nodes.replace('- name: node2', `- name: node2\n    jump: ${jump}`),
      'ssh-jump': `root@${master.address}:22`,
      'ssh-known-hosts': knownHosts([master, node1]),
      'connect-timeout': '10s',
    };
  };

  beforeAll(async () => {
    const [master, node1, node2] = machines();
    pid = await startPayload(node2, 'counter');
    await letIn(node1, { ssh: master, engine: master });
    await letIn(node2, { ssh: node1, engine: master });
    ({ run, ca } = await firstRun(lab, cluster(), inputs()));
  });

  test('nobody gets past the jump hosts', async () => {
    const [, node1, node2] = machines();
    for (const { address } of [node1, node2])
      for (const port of ['22', '2376'])
        expect(
          (await runCommand(['timeout', '2', 'bash', '-c', `: </dev/tcp/${address}/${port}`])).code,
        ).toBe(124);
  });

  test('the whole job is done through them', () => {
    expect(json(run, 'nodes').map(({ action, reachable }) => ({ action, reachable }))).toEqual([
      { action: 'changed', reachable: false },
      { action: 'changed', reachable: false },
    ]);
    expect(json(run, 'engines').map(({ name, health }) => ({ name, health }))).toEqual([
      { name: 'node1', health: 'up' },
      { name: 'node2', health: 'up' },
    ]);
  });

  test('each jump host is logged in to once for all that is behind it', async () => {
    // The master once more for Shipyard, and node1 once more for itself.
    expect(await Promise.all(machines().map(logins))).toEqual([2, 2, 1]);
  });

  test('a jump host that loses us in the middle of a change is logged in to anew, and the change is confirmed', async () => {
    const [master, , node2] = machines();
    await stopAt(node2, 'restart', 3);
    const done = apply(lab, cluster(), {
      ...{ ...inputs(), ca, ...withoutShipyard, only: 'node2' },
      ...{ 'force-renew': 'all', 'rollback-timeout': '90s' },
    });
    await reached(node2);
    // Fails where nobody is logged in.
    await master.script('pkill --signal KILL --full "[s]shd: root"');
    const renewal = await done;
    await clearStops(node2);
    const errors = renewal.log.split('\n').filter((line) => line.startsWith('::error'));
    expect({ errors, actions: json(renewal, 'nodes').map(({ action }) => action) }).toEqual({
      errors: [],
      actions: ['changed'],
    });
    expect(await pidOfPayload(node2, 'counter')).toBe(pid);
  });

  test('a jump host whose key is not known is not logged in to, and named', async () => {
    const before = await Promise.all(machines().map(logins));
    const [master, node1] = machines();
    const known = { 'ssh-known-hosts': knownHosts([master]) };
    const failed = await apply(lab, cluster(), { ...inputs(), ca, ...withoutShipyard, ...known });
    expect(json(failed, 'nodes').map(({ action }) => action)).toEqual(['unchanged', 'failed']);
    expect(failed.log).toContain(`the host key of ${node1.address} is not known`);
    const [, , node2] = await Promise.all(machines().map(logins));
    expect(node2).toBe(before[2]);
  });

  test('one that forbids forwarding is named, and told apart from one that cannot reach a host', async () => {
    const [master, node1, node2] = machines();
    await node1.script(
      'echo "AllowTcpForwarding no" >/etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh',
    );
    const { nodes = '', ...rest } = inputs();
    const gone = `${lab.network.prefix}.254`;
    const failed = await apply(lab, cluster(), {
      ...{ ...rest, ca, ...withoutShipyard, only: 'node2 gone' },
      nodes: `${nodes}  - name: gone\n    host: ${gone}\n    host-keys: [${node2.hostKeys[0] ?? ''}]\n`,
    });
    await node1.script('rm /etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh');
    expect(failed.exitCode).toBe(1);
    expect(failed.log).toContain(
      `the jump host ${node1.address} forbids TCP forwarding to ${node2.address} port 22`,
    );
    expect(failed.log).toMatch(
      new RegExp(`(the jump host ${master.address} cannot reach|cannot reach) ${gone} port 22`),
    );
  });

  test('without a way around, the hosts behind them are not scanned for want of a key; with one they are', async () => {
    const [master, node1, node2] = machines();
    const command = { ...inputs(), command: 'scan-host-keys' };
    const blind = await runAction({ inputs: command });
    expect(blind.exitCode).toBe(1);
    expect(lines(blind.outputs['host-keys'] ?? '')).toEqual(lines(knownHosts([master])));
    expect(blind.log).toContain(`behind the jump host ${node1.address}`);
    const before = await logins(node2);
    const { 'ssh-private-key': key = '' } = nodeInputs(lab, cluster());
    const seen = await runAction({ inputs: { ...command, 'ssh-private-key': key } });
    expect(seen.exitCode).toBe(0);
    expect(lines(seen.outputs['host-keys'] ?? '')).toEqual(lines(knownHosts([master, node1, node2])));
    expect(await logins(node2)).toBe(before);
  });

  test('one of them is given back through two jump hosts, with its container', async () => {
    const [, , node2] = machines();
    const given = { ...inputs(), command: 'remove', only: 'node2', 'ca-passphrase': '' };
    const removal = await apply(lab, cluster(), given);
    expect(json(removal, 'nodes').map(({ action }) => action)).toEqual(['removed']);
    expect(json(removal, 'engines').map(({ name }) => name)).toEqual(['node1']);
    expect(await node2.script('ls -d /etc/docker/shipyard-cluster || true')).toBe('');
    expect(await pidOfPayload(node2, 'counter')).toBe(pid);
  });
});

function lines(text: string): string[] {
  return text.trim().split('\n').sort();
}

/** Lets only one machine in to sshd, and one to the engine. */
async function letIn(node: LabMachine, { ssh, engine }: Record<'ssh' | 'engine', LabMachine>): Promise<void> {
  await node.script(
    `nft -f - <<RULES
table inet lab {
  chain input {
    type filter hook input priority 0;
    iif lo accept
    ip saddr $1 tcp dport 22 accept
    ip saddr $2 tcp dport 2376 accept
    tcp dport { 22, 2376 } drop
  }
}
RULES`,
    { args: [ssh.address, engine.address] },
  );
}

/** How often somebody has logged in. */
async function logins(machine: LabMachine): Promise<number> {
  return Number(
    await machine.script('journalctl --unit ssh --grep "^Accepted publickey" | grep -c sshd || true'),
  );
}
