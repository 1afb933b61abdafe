import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import type { FirewallKind } from '../../../src/firewall/firewall.ts';
import type { PortRules } from '../../../src/firewall/rules.ts';
import { firewalls, firewallScript } from '../../../src/firewall/script.ts';

const RULES: PortRules = {
  port: 2376,
  allow: { v4: ['10.0.0.5', '10.1.0.0/16'], v6: ['fd00::/64'] },
};

const kinds = Object.keys(firewalls) as FirewallKind[];

test.each(kinds)('the script for %s is plain shell', (kind) => {
  const { status, stderr } = spawnSync('sh', ['-n'], {
    input: firewallScript(firewalls[kind], RULES),
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

/** What the script of a kind hands to the firewall: the text between the lines RULES. */
const golden: Readonly<Record<FirewallKind, readonly string[]>> = {
  nftables: [
    `table inet shipyard_cluster {}
delete table inet shipyard_cluster
table inet shipyard_cluster {
  set allowed4 { type ipv4_addr; flags interval; elements = { 10.0.0.5, 10.1.0.0/16 }; }
  set allowed6 { type ipv6_addr; flags interval; elements = { fd00::/64 }; }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    tcp dport != 2376 return
    iifname "lo" accept
    ip saddr @allowed4 accept
    ip6 saddr @allowed6 accept
    tcp dport 2376 drop
  }
}
`,
  ],
  iptables: [
    `*filter
:SHIPYARD-CLUSTER - [0:0]
-A SHIPYARD-CLUSTER ! -p tcp -j RETURN
-A SHIPYARD-CLUSTER -p tcp -m tcp ! --dport 2376 -j RETURN
-A SHIPYARD-CLUSTER -i lo -j ACCEPT
-A SHIPYARD-CLUSTER -s 10.0.0.5/32 -j ACCEPT
-A SHIPYARD-CLUSTER -s 10.1.0.0/16 -j ACCEPT
-A SHIPYARD-CLUSTER -j DROP
`,
    `*filter
:SHIPYARD-CLUSTER - [0:0]
-A SHIPYARD-CLUSTER ! -p tcp -j RETURN
-A SHIPYARD-CLUSTER -p tcp -m tcp ! --dport 2376 -j RETURN
-A SHIPYARD-CLUSTER -i lo -j ACCEPT
-A SHIPYARD-CLUSTER -s fd00::/64 -j ACCEPT
-A SHIPYARD-CLUSTER -j DROP
`,
  ],
  ufw: [
    `allow from 10.0.0.5 port 1:65535 to any port 2376 proto tcp
allow from 10.1.0.0/16 port 1:65535 to any port 2376 proto tcp
allow from fd00::/64 port 1:65535 to any port 2376 proto tcp
`,
  ],
  firewalld: [
    `<?xml version="1.0" encoding="utf-8"?>
<policy target="CONTINUE" priority="-100">
  <short>shipyard-cluster</short>
  <description>Who may reach Docker's port. Written by shipyard-cluster; an edit is overwritten.</description>
  <rule family="ipv4"><source address="10.0.0.5"/><port port="2376" protocol="tcp"/><accept/></rule>
  <rule family="ipv4"><source address="10.1.0.0/16"/><port port="2376" protocol="tcp"/><accept/></rule>
  <rule family="ipv6"><source address="fd00::/64"/><port port="2376" protocol="tcp"/><accept/></rule>
  <rule priority="1"><port port="2376" protocol="tcp"/><drop/></rule>
  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
</policy>
`,
    `rule family="ipv4" source address="10.0.0.5" port port="2376" protocol="tcp" accept
rule family="ipv4" source address="10.1.0.0/16" port port="2376" protocol="tcp" accept
rule family="ipv6" source address="fd00::/64" port port="2376" protocol="tcp" accept
rule priority="1" port port="2376" protocol="tcp" drop
`,
  ],
};

test.each(kinds)('the rules for %s', (kind) => {
  const script = firewallScript(firewalls[kind], RULES);
  const texts = [...script.matchAll(/<<'RULES'\n([^]*?)RULES\n/g)].map(([, text]) => text);
  expect(texts).toEqual(golden[kind]);
});

test('a set without elements is written without a list, which nft would refuse', () => {
  const script = firewallScript(firewalls.nftables, { port: 2376, allow: { v4: ['10.0.0.5'], v6: [] } });
  expect(script).toContain('set allowed6 { type ipv6_addr; flags interval; }');
});

test('no script says anything about another port', () => {
  for (const kind of kinds)
    expect(
      firewallScript(firewalls[kind], RULES)
        .match(/\bport[ ="]+\d+|dport \d+/g)
        ?.join(),
    ).not.toMatch(/\b22\b/);
});

test('without a firewall the script takes everything of ours off', () => {
  const script = firewallScript();
  expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0);
  expect(script).toContain('load | park) "$1" && takeOff none ;;');
  expect(spawnSync('sh', ['-c', script, 'sh', 'other']).status).toBe(2);
});
