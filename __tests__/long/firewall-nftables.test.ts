import { expect, jest, test } from '@jest/globals';
import { bookworm } from '../../lab/images.ts';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import { runAction, startAction } from '../../lab/runner.ts';
import { settled } from '../../lab/settled.ts';
import { nodeFiles } from '../../lab/node-files.ts';
import { apply, caPassphrase, firstRun, json } from '../lab/support/apply.ts';
import { clearStops, reached, stopAt } from '../lab/support/breakpoint.ts';
import { nodeInputs, withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { dockerPid } from '../lab/support/node-state.ts';
import { addressesOf, both, hostAddress, onlyNode, reaches } from '../lab/support/peers.ts';
import { watchPort } from '../lab/support/port-watch.ts';

describeLab('the firewall with nftables', (lab) => {
  // Many runs, and one of the nodes boots in between.
  jest.setTimeout(300_000);
  const cluster = useCluster(lab, [bookworm]);
  let ca = '';
  let allow = '';
  const node = (): LabNode => onlyNode(cluster());
  const asked = () => ({ ca, firewall: 'auto', 'firewall-allow': allow, ...withoutShipyard });
  const table = () => node().script('nft list table inet shipyard_cluster');

  test('is there before the port opens, and lets in those who may, over IPv4 and IPv6', async () => {
    allow = addressesOf(cluster().master);
    const payload = await startPayload(node(), 'counter');
    const engine = watchPort([node()], 2376, 'connection');
    const ssh = watchPort([node()], 22, 'greeting');
    const { run, ca: made } = await firstRun(lab, cluster(), { firewall: 'auto', 'firewall-allow': allow });
    ca = made;
    expect(await engine()).toMatchObject({ answered: 0 });
    expect(await ssh()).toEqual({ answered: expect.any(Number), silent: [] });
    expect(await reaches(cluster().master, node())).toEqual(both(true, node()));
    expect(await reaches('host', node())).toEqual(both(false, node()));
    expect(await reaches(node(), node())).toEqual(both(true, node()));
    expect(await pidOfPayload(node(), 'counter')).toBe(payload);
    expect(json(run, 'nodes')).toMatchObject([
      { action: 'changed', reasons: ['missing'], reachable: false, firewall: 'nftables' },
    ]);
    expect(run.summary).toContain(cluster().master.address.replaceAll('_', '&#95;'));
  });

  test.each(['firewall', 'recover'])('its %s unit is started before Docker', async (name) => {
    const before = await node().script(`systemctl show -p Before --value shipyard-cluster-${name}.service`);
    expect(before.split(' ')).toContain('docker.service');
  });

  test('hides the port from a check, which reads it through SSH where it has the key', async () => {
    const { nodes = '', ...key } = nodeInputs(lab, cluster());
    const check = (more: Readonly<Record<string, string>>) =>
      runAction({ inputs: { command: 'check', nodes, 'connect-timeout': '2s', ...more } });
    const [outside, inside] = await Promise.all([check({}), check(key)]);
    expect(outside.exitCode).toBe(1);
    expect(json(outside, 'nodes')).toMatchObject([{ action: 'failed', reasons: ['unreachable'] }]);
    expect(outside.log).toContain('give ssh-private-key');
    expect(inside.exitCode).toBe(0);
    expect(json(inside, 'nodes')).toMatchObject([{ action: 'valid', 'days-left': 179, reachable: false }]);
  });

  test('survives a restart of Docker and a reboot of the node, and a run then has nothing to do', async () => {
    const before = await table();
    await node().script('systemctl restart docker');
    expect(await reaches('host', node())).toEqual(both(false, node()));
    // Debian's own rules begin by taking all others away.
    await node().script('systemctl enable nftables');
    const engine = watchPort([node()], 2376, 'connection');
    await node().kill();
    await node().boot();
    expect(await engine()).toMatchObject({ answered: 0 });
    expect(await reaches('host', node())).toEqual(both(false, node()));
    expect(await reaches(cluster().master, node())).toEqual(both(true, node()));
    const run = await apply(lab, cluster(), asked());
    expect(run.exitCode).toBe(0);
    expect(run.outputs['changed']).toBe('false');
    expect(await table()).toBe(before);
    await node().script('docker start counter');
  });

  test.each([
    ['nft flush ruleset', 'nft flush ruleset'],
    // Each of these alone is told from what is asked by the unit tests.
    [
      'an address that was added, a rule put first, a script edited and a unit switched off',
      `nft add element inet shipyard_cluster allowed4 "{ 10.9.9.9 }"
       nft insert rule inet shipyard_cluster input accept
       echo "# more" >>/etc/docker/shipyard-cluster/firewall.sh
       systemctl disable shipyard-cluster-firewall.service`,
    ],
  ])('%s: the next run reports firewall-drift, mends it and restarts no daemon', async (_, command) => {
    const before = { table: await table(), files: await nodeFiles(node()) };
    await node().script(command);
    const ssh = watchPort([node()], 22, 'greeting');
    const pids = [await dockerPid(node()), await pidOfPayload(node(), 'counter')];
    const run = await apply(lab, cluster(), asked());
    expect(json(run, 'nodes')).toMatchObject([{ action: 'changed', reasons: ['firewall-drift'] }]);
    expect([await dockerPid(node()), await pidOfPayload(node(), 'counter')]).toEqual(pids);
    expect(await ssh()).toEqual({ answered: expect.any(Number), silent: [] });
    expect(await reaches('host', node())).toEqual(both(false, node()));
    expect({ table: await table(), files: await nodeFiles(node()) }).toEqual(before);
  });

  test('is changed without a restart when others may', async () => {
    const pid = await dockerPid(node());
    allow = `${hostAddress(lab)} 10.99.0.0/16\n10.99.1.1`;
    const run = await apply(lab, cluster(), asked());
    expect(json(run, 'nodes')).toMatchObject([{ action: 'changed', reachable: true }]);
    expect(await dockerPid(node())).toBe(pid);
    expect(await reaches('host', node())).toEqual([true, ...both(false, node()).slice(1)]);
    expect(await reaches(cluster().master, node())).toEqual(both(false, node()));
  });

  test('is put back as it was when the change cannot be proved', async () => {
    const before = { table: await table(), files: await nodeFiles(node()) };
    // With the new rules the port answers nobody, with the former ones it does again: the proof fails, whatever they say.
    await node().writeFile(
      '/usr/local/sbin/nft',
      `#!/bin/sh
/usr/sbin/nft "$@" || exit
[ "$*" = '-f -' ] || exit 0
/usr/sbin/nft delete table inet t 2>/dev/null ||
  /usr/sbin/nft 'add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c tcp dport 2376 reject with tcp reset'
`,
      0o755,
    );
    const run = await apply(lab, cluster(), {
      ...asked(),
      'firewall-allow': '10.98.0.0/16',
      'rollback-timeout': '30s',
    });
    await node().script('rm /usr/local/sbin/nft');
    expect(json(run, 'nodes')).toMatchObject([{ action: 'rolled-back', reasons: ['firewall-drift'] }]);
    expect({ table: await table(), files: await nodeFiles(node()) }).toEqual(before);
  });

  test('is put back by the node itself when the action is killed in the middle', async () => {
    const before = { table: await table(), files: await nodeFiles(node()) };
    await stopAt(node(), 'filter', 3);
    const action = startAction({
      inputs: {
        ...nodeInputs(lab, cluster()),
        'ca-passphrase': caPassphrase,
        ca,
        firewall: 'auto',
        'firewall-allow': '10.98.0.0/16',
        'rollback-timeout': '30s',
      },
    });
    await reached(node());
    action.signal('SIGKILL');
    await action.done;
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await table()).toContain('10.98.0.0/16');
    await settled(node());
    await clearStops(node());
    expect({ table: await table(), files: await nodeFiles(node()) }).toEqual(before);
  });

  test('is taken away without a restart when none is asked for', async () => {
    const pid = await dockerPid(node());
    const run = await apply(lab, cluster(), { ca, ...withoutShipyard });
    expect(json(run, 'nodes')).toMatchObject([
      { action: 'changed', reasons: ['firewall-drift'], firewall: 'none', reachable: true },
    ]);
    expect(await dockerPid(node())).toBe(pid);
    expect(await reaches(cluster().master, node())).toEqual(both(true, node()));
    expect(await node().script('nft list tables | grep shipyard || true')).toBe('');
    expect(await node().script('find /etc -name "*firewall*" -path "*shipyard*"')).toBe('');
    expect(run.summary).toContain('anybody who can route to it');
  });
});
