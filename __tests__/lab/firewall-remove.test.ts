import { beforeAll, expect, jest, test } from '@jest/globals';
import { bookworm, firewalls } from '../../lab/images.ts';
import type { LabNode } from '../../lab/node.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { etc } from './support/etc.ts';
import { KINDS, letIn, lockOut, SETUP } from './support/firewall-nodes.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { addressesOf, both, reaches } from './support/peers.ts';

const without = { 'shipyard-master': '', 'shipyard-password': '', 'max-unavailable': '100%', canary: '0' };

/** Whatever filters on the node, in its kernel; of nftables only the tables, since Docker's own rules come and go. */
const FILTERS = `for program in iptables ip6tables; do $program -S INPUT; done
for nft in /usr/sbin/nft /root/nft; do [ ! -x $nft ] || $nft list tables; done
! command -v ufw >/dev/null || ufw status numbered
! firewall-cmd --state 2>/dev/null || { firewall-cmd --list-all-zones; firewall-cmd --list-all-policies; }`;

describeLab('command remove with a firewall', (lab) => {
  jest.setTimeout(300_000);
  // One node of each kind, the last with nftables.
  const cluster = useCluster(lab, [bookworm, firewalls, firewalls, bookworm]);
  const before = new Map<string, unknown>();
  const nodes = (): readonly LabNode[] => cluster().nodes;
  const each = <T>(work: (node: LabNode) => Promise<T>): Promise<readonly T[]> =>
    Promise.all(nodes().map(work));
  const withKind = (work: (node: LabNode, kind: (typeof KINDS)[number]) => Promise<void>) =>
    Promise.all(
      KINDS.map(async (kind, index) => {
        const node = nodes()[index];
        if (node) await work(node, kind);
      }),
    );
  const state = async (node: LabNode) => ({ etc: await etc(node), filters: await node.script(FILTERS) });
  const remove = (only: string) =>
    apply(lab, cluster(), {
      ...{ command: 'remove', only, 'ca-passphrase': '', 'connect-timeout': '5s', ...without },
    });
  const actions = async (only: string) => {
    const run = await remove(only);
    return json(run, 'nodes').map(({ action }) => action);
  };

  beforeAll(async () => {
    // Docker has a zone of its own made where it finds firewalld.
    await withKind(async (node, kind) => {
      await node.script(`${SETUP[kind]}\nsystemctl restart docker`);
    });
    await each(async (node) => before.set(node.name, await state(node)));
  });

  beforeAll(async () => {
    await firstRun(lab, cluster(), {
      ...without,
      firewall: 'auto',
      'firewall-allow': addressesOf(cluster().master),
    });
  });

  test('that fails leaves the rules in force as they were', async () => {
    const installed = await each(state);
    // The managers of node2 and node3 let nobody new in to SSH as soon as a rule is taken away.
    await withKind(async (node, kind) => {
      if (kind !== 'iptables') await lockOut(node, kind);
    });
    const results = await actions('node2 node3');
    await withKind(async (node, kind) => {
      if (kind !== 'iptables') await letIn(node, kind);
    });
    expect(results).toEqual(['rolled-back', 'rolled-back']);
    expect(await each(state)).toEqual(installed);
    for (const node of nodes()) {
      expect(await reaches('host', node)).toEqual(both(false, node));
      expect(await reaches(cluster().master, node)).toEqual(both(true, node));
    }
  });

  test('takes the rules away and leaves nothing of ours behind', async () => {
    expect(await actions('*')).toEqual(['removed', 'removed', 'removed', 'removed']);
    for (const node of nodes()) expect(await state(node)).toEqual(before.get(node.name));
  });

  test('finds nothing to do a second time', async () => {
    expect(await actions('*')).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
  });
});
