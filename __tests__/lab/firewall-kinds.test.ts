import { beforeAll, expect, jest, test } from '@jest/globals';
import type { LabMachine } from '../../lab/container.ts';
import { bookworm, firewalls } from '../../lab/images.ts';
import { nodeFiles } from '../../lab/node-files.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { FAULTS, KINDS, letIn, lockOut, RULES, SETUP, type Kind } from './support/firewall-nodes.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { dockerPid } from './support/node-state.ts';
import { addressesOf, both, hostAddress, reaches } from './support/peers.ts';
import { watchPort } from './support/port-watch.ts';

const without = { 'shipyard-master': '', 'shipyard-password': '' };
describeLab('the firewall with iptables, ufw and firewalld', (lab) => {
  // Many runs, and one of the nodes boots in between.
  jest.setTimeout(300_000);
  const cluster = useCluster(lab, [bookworm, firewalls, firewalls]);
  let ca = '';
  let allow = '';
  const asked = () => ({
    ca,
    firewall: 'auto',
    'firewall-allow': allow,
    'max-unavailable': '100%',
    canary: '0',
    ...without,
  });
  const node = (kind: Kind): LabMachine => {
    const found = cluster().nodes[KINDS.indexOf(kind)];
    if (!found) throw new Error('there is a node for each kind');
    return found;
  };
  const each = async <T>(
    work: (node: LabMachine, kind: Kind) => Promise<T>,
  ): Promise<Readonly<Record<string, T>>> =>
    Object.fromEntries(
      await Promise.all(KINDS.map(async (kind) => [kind, await work(node(kind), kind)] as const)),
    );
  const all = <T>(value: T) => Object.fromEntries(KINDS.map((kind) => [kind, value]));
  const closedToHost = async () =>
    expect(await each((one) => reaches('host', one))).toEqual(all(both(false, node('ufw'))));
  const openToMaster = async () =>
    expect(await each((one) => reaches(cluster().master, one))).toEqual(all(both(true, node('ufw'))));
  const rules = () => each((one, kind) => one.script(RULES[kind]));

  beforeAll(async () => {
    await each((one, kind) => one.script(SETUP[kind]));
    allow = `${addressesOf(cluster().master)} 10.97.0.0/16`;
  });

  test('is the one of each node, lets in those who may and nobody else, whatever is open otherwise', async () => {
    const ssh = watchPort(cluster().nodes, 22, 'greeting');
    const { run, ca: made } = await firstRun(lab, cluster(), { ...asked(), ca: '' });
    ca = made;
    expect(await ssh()).toEqual({ answered: expect.any(Number), silent: [] });
    expect(json(run, 'nodes').map(({ firewall, reasons }) => ({ firewall, reasons }))).toEqual(
      KINDS.map((firewall) => ({ firewall, reasons: ['missing'] })),
    );
    await openToMaster();
    await closedToHost();
    expect(await each((one) => reaches(one, one))).toEqual(all(both(true, node('ufw'))));
  });

  test('is not touched by a run that has nothing to do, nor by a restart of Docker', async () => {
    const before = await rules();
    await each((one) => one.script('systemctl restart docker'));
    const run = await apply(lab, cluster(), asked());
    expect(run.outputs['changed']).toBe('false');
    expect(await rules()).toEqual(before);
    await closedToHost();
    await openToMaster();
  });

  test('survives a reboot of the node', async () => {
    await each(async (one) => {
      await one.kill();
      await one.boot();
    });
    // What a person did with iptables does not survive, and was not ours to keep.
    await closedToHost();
    await openToMaster();
    const run = await apply(lab, cluster(), asked());
    expect(run.outputs['changed']).toBe('false');
  });

  test.each(FAULTS)(
    '%s: the next run reports firewall-drift, mends it and restarts no daemon',
    async (_, faults) => {
      await each((one, kind) => one.script(faults[kind]));
      const pids = await each(dockerPid);
      const ssh = watchPort(cluster().nodes, 22, 'greeting');
      const run = await apply(lab, cluster(), asked());
      expect(await ssh()).toEqual({ answered: expect.any(Number), silent: [] });
      expect(run.log).not.toContain('::error');
      expect(json(run, 'nodes').map(({ action, reasons }) => ({ action, reasons }))).toEqual(
        KINDS.map(() => ({ action: 'changed', reasons: ['firewall-drift'] })),
      );
      await closedToHost();
      await openToMaster();
      expect(await each(dockerPid)).toEqual(pids);
      const again = await apply(lab, cluster(), asked());
      expect(again.outputs['changed']).toBe('false');
    },
  );

  test('follows firewall-allow without a restart', async () => {
    const pids = await each(dockerPid);
    allow = `${hostAddress(lab)}, 10.97.1.0/24`;
    const run = await apply(lab, cluster(), asked());
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed', 'changed', 'changed']);
    expect(await each((one) => reaches('host', one))).toEqual(
      all([true, ...both(false, node('ufw')).slice(1)]),
    );
    expect(await each((one) => reaches(cluster().master, one))).toEqual(all(both(false, node('ufw'))));
    expect(await each(dockerPid)).toEqual(pids);
    expect(JSON.stringify(await rules())).not.toContain('10.97.0.0/16');
  });

  test('puts the former rules back where a second login fails', async () => {
    const before = { rules: await rules(), files: await each(nodeFiles) };
    await each((one, kind) => lockOut(one, kind));
    const run = await apply(lab, cluster(), {
      ...asked(),
      'firewall-allow': '10.96.0.0/16',
      'connect-timeout': '5s',
      'on-failure': 'continue',
    });
    await each((one, kind) => letIn(one, kind));
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual([
      'rolled-back',
      'rolled-back',
      'rolled-back',
    ]);
    expect(run.log).toContain('a second login over SSH failed with the new firewall rules');
    expect({ rules: await rules(), files: await each(nodeFiles) }).toEqual(before);
    const again = await apply(lab, cluster(), asked());
    expect(again.outputs['changed']).toBe('false');
  });

  test('another kind beside a manager that is active is refused, and nothing is changed', async () => {
    const before = await rules();
    const run = await apply(lab, cluster(), { ...asked(), firewall: 'iptables' });
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['unchanged', 'failed', 'failed']);
    expect(run.log).toContain('ufw is active on the node and decides who may reach the port');
    expect(run.log).toContain('firewalld is active on the node and decides who may reach the port');
    expect(await rules()).toEqual(before);
  });

  test('a manager that would lock SSH out when it is loaded is put back as it was found', async () => {
    await node('ufw').script('ufw delete allow 22/tcp; nft flush ruleset');
    const run = await apply(lab, cluster(), { ...asked(), only: 'node2', 'connect-timeout': '5s' });
    expect(json(run, 'nodes')).toMatchObject([{ action: 'rolled-back' }]);
    expect(await node('ufw').script('ufw status')).toBe('Status: inactive');
    await node('ufw').script('ufw reload; ufw allow 22/tcp; nft flush ruleset');
    const next = await apply(lab, cluster(), { ...asked(), only: 'node2' });
    expect(json(next, 'nodes')).toMatchObject([{ action: 'changed', reasons: ['firewall-drift'] }]);
  });

  test('follows a node from one kind to another, and takes nothing away but what is ours', async () => {
    await node('ufw').script('ufw --force disable');
    const run = await apply(lab, cluster(), { ...asked(), only: 'node2' });
    expect(json(run, 'nodes')).toMatchObject([{ action: 'changed', firewall: 'nftables' }]);
    expect(await node('ufw').script('ufw show added')).not.toContain('shipyard');
    expect(await node('ufw').script('ufw show added')).toContain('ufw allow 2376/tcp');
    expect(await reaches(cluster().master, node('ufw'))).toEqual(both(false, node('ufw')));
  });

  test('is gone when none is asked for; what others did is still there', async () => {
    const run = await apply(lab, cluster(), { ca, ...without });
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ firewall }) => firewall)).toEqual(['none', 'none', 'none']);
    await openToMaster();
    expect(
      await each((one) =>
        one.script(`{ find /etc -name '*shipyard*' -path '*firewall*'; grep -rl shipyard /etc/ufw /etc/firewalld || true
          for program in iptables ip6tables; do $program -S | grep -i shipyard || true; done
          command -v nft >/dev/null && nft list ruleset | grep shipyard || true; } 2>/dev/null`),
      ),
    ).toEqual(all(''));
    expect(await node('firewalld').script('firewall-cmd --list-ports')).toContain('2376/tcp');
    const again = await apply(lab, cluster(), { ca, ...without });
    expect(again.outputs['changed']).toBe('false');
  });
});
