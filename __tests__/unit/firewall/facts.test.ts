import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseFirewallFacts, type FirewallFacts } from '../../../src/firewall/facts.ts';
import { readRecords } from '../../../src/node/fact-records.ts';
import { factsScript } from '../../../src/node/facts-script.ts';
import { layout } from '../../../src/node/layout.ts';
import { FakeRoot } from '../../support/fake-root.ts';

let root: FakeRoot;

beforeEach(() => {
  root = new FakeRoot({
    nft: 'case "$*" in "-j list tables") echo "{}" ;; *) [ ! -e "$(dirname "$0")/../ours" ] || echo "{$*}" ;; esac',
    iptables: '[ "$3" = INPUT ] || [ -e "$(dirname "$0")/../ours" ] || exit 1; echo "four $*"',
    ip6tables: 'exit 3',
  });
});

afterEach(() => root.remove());

function facts(): FirewallFacts {
  const records = readRecords(root.run(factsScript(0)).stdout) ?? [];
  const values = [...records].map(([key, value]) => [key, value.trimEnd()] as const);
  return parseFirewallFacts(new Map(values.filter(([, value]) => value !== '')), true);
}

test('a node without anything of ours', () => {
  expect(facts()).toEqual({
    ipv6: true,
    script: undefined,
    bootUnit: undefined,
    bootEnabled: false,
    nft: true,
    nftTable: undefined,
    iptables: 'four -w -S INPUT',
    ip6tables: undefined,
    ufw: undefined,
    firewalld: undefined,
  });
});

test.each([
  [layout.firewallUnit, '/etc/systemd/system/multi-user.target.wants/shipyard-cluster-firewall.service'],
  [layout.firewallInit, '/etc/rc2.d/S01shipyard-cluster-firewall'],
  [layout.firewallInit, '/etc/rc.d/rc3.d/S06shipyard-cluster-firewall'],
])('rules of ours, which %s loads', (unit, link) => {
  root.write('/ours', '', 0o644);
  root.write(layout.firewall, '#!/bin/sh\n', 0o644);
  root.write(unit, 'load\n', 0o644);
  expect(facts()).toMatchObject({
    script: '#!/bin/sh',
    bootUnit: 'load',
    bootEnabled: false,
    nftTable: '{-j list table inet shipyard_cluster}',
    iptables: 'four -w -S INPUT\nfour -w -S SHIPYARD-CLUSTER',
  });
  root.write(link, '', 0o644);
  expect(facts().bootEnabled).toBe(true);
});

test('ufw tells its rules, and what the kernel has of them', () => {
  root.stub('ufw', 'exit 9');
  root.write('/ours', '', 0o644);
  root.write('/etc/ufw/ufw.conf', '# ENABLED=no\nENABLED=yes\nLOGLEVEL=low\n', 0o644);
  root.write('/etc/default/ufw', 'IPV6=yes\n', 0o644);
  root.write('/etc/ufw/user.rules', '*filter\n### tuple ### allow tcp 22\n-A x\n', 0o644);
  root.write('/etc/ufw/user6.rules', '### tuple ### allow udp 53\n', 0o644);
  expect(facts().ufw).toEqual({
    enabled: true,
    ipv6: true,
    tuples: '### tuple ### allow tcp 22\n### tuple ### allow udp 53',
    live4: 'four -w -S INPUT\nfour -w -S ufw-before-input\nfour -w -S ufw-user-input',
    live6: '',
  });
});

test('firewalld tells whether it runs, its policy and what the kernel has of it', () => {
  root.stub('firewall-cmd', 'echo running');
  root.write('/ours', '', 0o644);
  root.write('/etc/firewalld/firewalld.conf', 'DefaultZone=public\nFirewallBackend=iptables\n', 0o644);
  root.write('/etc/firewalld/policies/shipyard-cluster.xml', '<policy/>\n', 0o644);
  const { firewalld } = facts();
  expect(firewalld).toMatchObject({ running: true, nftables: false, policy: '<policy/>' });
  expect(firewalld?.chains.split('\n').filter((line) => line !== '')).toEqual(
    [
      'filter_INPUT_POLICIES_pre',
      ...['pre', 'deny', 'allow', 'post'].map((part) => `filter_IN_policy_shipyard-cluster_${part}`),
    ].map((chain) => `{-j list chain inet firewalld ${chain}}`),
  );
  root.stub('firewall-cmd', 'echo not running >&2; exit 252');
  expect(facts().firewalld?.running).toBe(false);
});
