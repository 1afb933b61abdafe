import { beforeAll, expect, jest, test } from '@jest/globals';
import type { LabMachine } from '../../lab/container.ts';
import { bookworm, firewalls } from '../../lab/images.ts';
import { nodeFiles } from '../../lab/node-files.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { etc, etcOfOthers } from '../lab/support/etc.ts';
import {
  FAULTS,
  FILTERS,
  KINDS,
  letIn,
  lockOut,
  OTHER_FILTERS,
  OTHER_UFW_RULES,
  RULES,
  RULESET,
  SETUP,
  UFW_RULES,
  type Kind,
} from '../lab/support/firewall-nodes.ts';
import { atOnce, withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { dockerPid } from '../lab/support/node-state.ts';
import { addressesOf, both, hostAddress, reaches } from '../lab/support/peers.ts';
import { watchPort } from '../lab/support/port-watch.ts';

describeLab('the firewall with iptables, ufw and firewalld', (lab) => {
  // Many runs, and one of the nodes boots in between.
  jest.setTimeout(300_000);
  const cluster = useCluster(lab, [bookworm, firewalls, firewalls]);
  let ca = '';
  let allow = '';
  let before: Readonly<Record<string, readonly string[]>>;
  const together = { ...atOnce, ...withoutShipyard };
  const asked = () => ({
    ca,
    firewall: 'auto',
    'firewall-allow': allow,
    ...together,
  });
  const remove = async (only: string) => {
    const keyless = { 'ca-passphrase': '', 'connect-timeout': '5s', ...together };
    const run = await apply(lab, cluster(), { command: 'remove', only, ...keyless });
    return json(run, 'nodes').map(({ action }) => action);
  };
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
  const filters = (script: string) => each((one) => one.script(script));

  beforeAll(async () => {
    // Docker has a zone of its own made where it finds firewalld.
    await each((one, kind) => one.script(`${SETUP[kind]}\nsystemctl restart docker`));
    before = await each(etcOfOthers);
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

  test('survives a restart of Docker and a reboot of the node, and a run then has nothing to do', async () => {
    const loaded = await rules();
    await each((one) => one.script('systemctl restart docker'));
    expect(await rules()).toEqual(loaded);
    await closedToHost();
    await openToMaster();
    await each(async (one) => {
      await one.kill();
      await one.boot();
    });
    // What a person did with iptables does not survive, and was not ours to keep.
    await closedToHost();
    await openToMaster();
    const booted = await rules();
    const run = await apply(lab, cluster(), asked());
    expect(run.outputs['changed']).toBe('false');
    expect(await rules()).toEqual(booted);
  });

  test('a removal that fails leaves the rules in force as they were', async () => {
    const state = async () => ({ etc: await each(etc), filters: await filters(FILTERS) });
    const installed = await state();
    const managers = ['ufw', 'firewalld'] as const;
    // From the moment in which a rule is taken away they let nobody new in to SSH.
    await Promise.all(managers.map((kind) => lockOut(node(kind), kind)));
    const actions = await remove('node2 node3');
    await Promise.all(managers.map((kind) => letIn(node(kind), kind)));
    expect(actions).toEqual(['rolled-back', 'rolled-back']);
    expect(await state()).toEqual(installed);
    await closedToHost();
    await openToMaster();
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
    },
  );

  test('puts the former rules back where a second login fails', async () => {
    const former = { rules: await rules(), files: await each(nodeFiles) };
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
    expect({ rules: await rules(), files: await each(nodeFiles) }).toEqual(former);
    const again = await apply(lab, cluster(), asked());
    expect(again.outputs['changed']).toBe('false');
  });

  test('another kind beside a manager that is active is refused, and nothing is changed', async () => {
    const former = await rules();
    const run = await apply(lab, cluster(), { ...asked(), firewall: 'iptables', only: 'node2 node3' });
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['failed', 'failed']);
    expect(run.log).toContain('ufw is active on the node and decides who may reach the port');
    expect(run.log).toContain('firewalld is active on the node and decides who may reach the port');
    expect(await rules()).toEqual(former);
  });

  test('a manager that would lock SSH out when it is loaded is put back as it was found', async () => {
    await node('ufw').script('ufw delete allow 22/tcp; nft flush ruleset');
    const run = await apply(lab, cluster(), { ...asked(), only: 'node2', 'connect-timeout': '5s' });
    expect(json(run, 'nodes')).toMatchObject([{ action: 'rolled-back' }]);
    expect(await node('ufw').script('ufw status')).toBe('Status: inactive');
    await node('ufw').script('ufw reload; ufw allow 22/tcp');
  });

  test('follows firewall-allow, and a node from one kind to another, without a restart', async () => {
    const pids = await each(dockerPid);
    await node('ufw').script('ufw --force disable');
    allow = `${hostAddress(lab)}, 10.97.1.0/24`;
    const run = await apply(lab, cluster(), asked());
    expect(json(run, 'nodes').map(({ action, firewall }) => ({ action, firewall }))).toEqual(
      ['iptables', 'nftables', 'firewalld'].map((firewall) => ({ action: 'changed', firewall })),
    );
    expect(await each((one) => reaches('host', one))).toEqual(
      all([true, ...both(false, node('ufw')).slice(1)]),
    );
    expect(await each((one) => reaches(cluster().master, one))).toEqual(all(both(false, node('ufw'))));
    expect(await each(dockerPid)).toEqual(pids);
    const left = await each((one) => one.script(RULESET));
    expect(JSON.stringify(left)).toContain('10.97.1.0/24');
    expect(JSON.stringify(left)).not.toContain('10.97.0.0/16');
    expect(await node('ufw').script('ufw show added')).not.toContain('shipyard');
    expect(await node('ufw').script('ufw show added')).toContain('ufw allow 2376/tcp');
  });

  test('and back again, once ufw is enabled', async () => {
    await node('ufw').script('ufw --force enable');
    const run = await apply(lab, cluster(), { ...asked(), only: 'node2' });
    expect(json(run, 'nodes')).toMatchObject([{ action: 'changed', firewall: 'ufw' }]);
    expect(await node('ufw').script('nft list tables | grep shipyard || true')).toBe('');
    expect(await reaches('host', node('ufw'))).toEqual([true, ...both(false, node('ufw')).slice(1)]);
    expect(await reaches(cluster().master, node('ufw'))).toEqual(both(false, node('ufw')));
  });

  test('goes with the rest when the nodes are given back; what others did is still there', async () => {
    const others = await filters(OTHER_FILTERS);
    const rulesOfUfw = await node('ufw').script(OTHER_UFW_RULES);
    expect(await node('ufw').script('ufw status')).toContain('shipyard-cluster');
    expect(await remove('*')).toEqual(['removed', 'removed', 'removed']);
    expect(await filters(FILTERS)).toEqual(others);
    expect(await each(etcOfOthers)).toEqual(before);
    expect(await node('firewalld').script('firewall-cmd --list-ports')).toContain('2376/tcp');
    const status = await node('ufw').script('ufw status');
    expect(status).toMatch(/^Status: active\n[^]*^22\/tcp +ALLOW +Anywhere/m);
    expect(status).not.toMatch(/shipyard|DENY/);
    expect(await node('ufw').script(UFW_RULES)).toBe(rulesOfUfw);
    expect(await node('ufw').script('iptables -S ufw-user-input; ip6tables -S ufw6-user-input')).not.toMatch(
      /DROP|1:65535/,
    );
  });
});
