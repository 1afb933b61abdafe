import type { FirewalldFacts, UfwFacts } from '../../../src/firewall/facts.ts';

/** `nft -j list table inet shipyard_cluster` of nftables 1.0.6. */
export const NFT_TABLE = `{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "shipyard_cluster", "handle": 9}}, {"set": {"family": "inet", "name": "allowed4", "table": "shipyard_cluster", "type": "ipv4_addr", "handle": 2, "flags": ["interval"], "elem": ["10.0.0.5", {"prefix": {"addr": "10.1.0.0", "len": 16}}]}}, {"set": {"family": "inet", "name": "allowed6", "table": "shipyard_cluster", "type": "ipv6_addr", "handle": 3, "flags": ["interval"], "elem": [{"prefix": {"addr": "fd00::", "len": 64}}]}}, {"chain": {"family": "inet", "table": "shipyard_cluster", "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": -10, "policy": "accept"}}, {"rule": {"family": "inet", "table": "shipyard_cluster", "chain": "input", "handle": 4, "expr": [{"match": {"op": "!=", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 2376}}, {"return": null}]}}, {"rule": {"family": "inet", "table": "shipyard_cluster", "chain": "input", "handle": 6, "expr": [{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "lo"}}, {"accept": null}]}}, {"rule": {"family": "inet", "table": "shipyard_cluster", "chain": "input", "handle": 7, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@allowed4"}}, {"accept": null}]}}, {"rule": {"family": "inet", "table": "shipyard_cluster", "chain": "input", "handle": 8, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip6", "field": "saddr"}}, "right": "@allowed6"}}, {"accept": null}]}}, {"rule": {"family": "inet", "table": "shipyard_cluster", "chain": "input", "handle": 9, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 2376}}, {"drop": null}]}}]}`;

const chain = (sources: readonly string[]): string =>
  [
    '-P INPUT ACCEPT',
    '-A INPUT -j SHIPYARD-CLUSTER',
    '-A INPUT -p tcp -m tcp --dport 2376 -j ACCEPT',
    '-N SHIPYARD-CLUSTER',
    '-A SHIPYARD-CLUSTER ! -p tcp -j RETURN',
    '-A SHIPYARD-CLUSTER -p tcp -m tcp ! --dport 2376 -j RETURN',
    '-A SHIPYARD-CLUSTER -i lo -j ACCEPT',
    ...sources.map((source) => `-A SHIPYARD-CLUSTER -s ${source} -j ACCEPT`),
    '-A SHIPYARD-CLUSTER -j DROP',
  ].join('\n');

/** `iptables -S` and `ip6tables -S` of INPUT and our chain, from iptables 1.8.9. */
export const IPTABLES = { four: chain(['10.0.0.5/32', '10.1.0.0/16']), six: chain(['fd00::/64']) };

const OURS = 'comment=73686970796172642d636c7573746572';

/** What ufw 0.36.2 writes, and what the kernel has of it. */
export const UFW: UfwFacts = {
  enabled: true,
  ipv6: true,
  tuples: `### tuple ### allow tcp 2376 0.0.0.0/0 1:65535 10.0.0.5 in ${OURS}
### tuple ### allow tcp 2376 0.0.0.0/0 1:65535 10.1.0.0/16 in ${OURS}
### tuple ### deny tcp 2376 0.0.0.0/0 1:65535 0.0.0.0/0 in ${OURS}
### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
### tuple ### allow tcp 2376 0.0.0.0/0 any 0.0.0.0/0 in
### tuple ### allow tcp 2376 ::/0 1:65535 fd00::/64 in ${OURS}
### tuple ### deny tcp 2376 ::/0 1:65535 ::/0 in ${OURS}
### tuple ### allow tcp 22 ::/0 any ::/0 in
### tuple ### allow tcp 2376 ::/0 any ::/0 in`,
  live4: `-P INPUT DROP
-A INPUT -j ufw-before-logging-input
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-N ufw-before-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -j ufw-user-input
-N ufw-user-input
-A ufw-user-input -s 10.0.0.5/32 -p tcp -m multiport --dports 2376 -m multiport --sports 1:65535 -j ACCEPT
-A ufw-user-input -s 10.1.0.0/16 -p tcp -m multiport --dports 2376 -m multiport --sports 1:65535 -j ACCEPT
-A ufw-user-input -p tcp -m multiport --dports 2376 -m multiport --sports 1:65535 -j DROP
-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT
-A ufw-user-input -p tcp -m tcp --dport 2376 -j ACCEPT`,
  live6: `-P INPUT DROP
-A INPUT -j ufw6-before-input
-N ufw6-before-input
-A ufw6-before-input -i lo -j ACCEPT
-A ufw6-before-input -j ufw6-user-input
-N ufw6-user-input
-A ufw6-user-input -s fd00::/64 -p tcp -m multiport --dports 2376 -m multiport --sports 1:65535 -j ACCEPT
-A ufw6-user-input -p tcp -m multiport --dports 2376 -m multiport --sports 1:65535 -j DROP
-A ufw6-user-input -p tcp -m tcp --dport 22 -j ACCEPT
-A ufw6-user-input -p tcp -m tcp --dport 2376 -j ACCEPT`,
};

const listed = (name: string, ...rules: readonly string[]): string =>
  `{"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}, {"chain": {"family": "inet", "table": "firewalld", "name": "${name}", "handle": 179}}${rules
    .map(
      (expr) =>
        `, {"rule": {"family": "inet", "table": "firewalld", "chain": "${name}", "handle": 9, "expr": ${expr}}}`,
    )
    .join('')}]}`;

const TO_PORT =
  '{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 2376}}';
const from = (protocol: string, right: string): string =>
  `[{"match": {"op": "==", "left": {"payload": {"protocol": "${protocol}", "field": "saddr"}}, "right": ${right}}}, ${TO_PORT}, {"accept": null}]`;

/** What firewalld 1.3.3 writes, and what the kernel has of it. */
export const FIREWALLD: FirewalldFacts = {
  running: true,
  policies: true,
  nftables: true,
  policy: `<?xml version="1.0" encoding="utf-8"?>
<policy priority="-100" target="CONTINUE">
  <short>shipyard-cluster</short>
  <rule family="ipv4">
    <source address="10.0.0.5"/>
    <port port="2376" protocol="tcp"/>
    <accept/>
  </rule>
  <rule family="ipv4">
    <source address="10.1.0.0/16"/>
    <port port="2376" protocol="tcp"/>
    <accept/>
  </rule>
  <rule family="ipv6">
    <source address="fd00::/64"/>
    <port port="2376" protocol="tcp"/>
    <accept/>
  </rule>
  <rule priority="1">
    <port port="2376" protocol="tcp"/>
    <drop/>
  </rule>
  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
</policy>`,
  chains: [
    listed(
      'filter_INPUT_POLICIES_pre',
      '[{"jump": {"target": "filter_IN_policy_allow-host-ipv6"}}]',
      '[{"jump": {"target": "filter_IN_policy_shipyard-cluster"}}]',
    ),
    listed('filter_IN_policy_shipyard-cluster_pre'),
    listed('filter_IN_policy_shipyard-cluster_deny'),
    listed(
      'filter_IN_policy_shipyard-cluster_allow',
      from('ip', '{"prefix": {"addr": "10.1.0.0", "len": 16}}'),
      from('ip', '"10.0.0.5"'),
      from('ip6', '{"prefix": {"addr": "fd00::", "len": 64}}'),
    ),
    listed('filter_IN_policy_shipyard-cluster_post', `[${TO_PORT}, {"drop": null}]`),
  ].join('\n'),
};
