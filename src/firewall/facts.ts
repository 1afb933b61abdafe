import { layout } from '../node/layout.ts';

/** What a node tells of its firewalls, as far as it matters to us. */
export type FirewallFacts = {
  /** The kernel's IPv6; where it is off there is nothing to filter. */
  readonly ipv6: boolean;
  /** Our script of the rules that hold, with what loads it at boot, and whether that is switched on. */
  readonly script: string | undefined;
  readonly bootUnit: string | undefined;
  readonly bootEnabled: boolean;
  /** Whether `nft` works, and can print JSON. */
  readonly nft: boolean;
  /** Our table as `nft -j` prints it. */
  readonly nftTable: string | undefined;
  /** INPUT and our chain as `iptables -S` prints them; `undefined` where it does not work. */
  readonly iptables: string | undefined;
  readonly ip6tables: string | undefined;
  /** `undefined` where it is not installed. */
  readonly ufw: UfwFacts | undefined;
  readonly firewalld: FirewalldFacts | undefined;
};

export type UfwFacts = {
  /** Whether it is on, also after a boot. */
  readonly enabled: boolean;
  readonly ipv6: boolean;
  /** The lines before each rule in its files. */
  readonly tuples: string;
  /** The chains on the way to its rules, as `iptables -S` and `ip6tables -S` print them. */
  readonly live4: string;
  readonly live6: string;
};

export type FirewalldFacts = {
  readonly running: boolean;
  /** Whether it has policies (from 0.9). */
  readonly policies: boolean;
  /** Whether it keeps its rules in nftables. */
  readonly nftables: boolean;
  /** Our policy as firewalld wrote it. */
  readonly policy: string | undefined;
  /** The chains of our policy, each as `nft -j` prints it, one a line. */
  readonly chains: string;
};

const POLICY_CHAINS = ['pre', 'deny', 'allow', 'post'].map(
  (part) => `filter_IN_policy_shipyard-cluster_${part}`,
);

/** What switches on what loads our rules at boot: of systemd, of Debian's init scripts, of Red Hat's. */
const BOOT_LINKS = [
  '/etc/systemd/system/multi-user.target.wants/shipyard-cluster-firewall.service',
  '/etc/rc2.d/S??shipyard-cluster-firewall',
  '/etc/rc.d/rc3.d/S??shipyard-cluster-firewall',
];

/** The part of the facts script: `say KEY COMMAND…` prints what the command does, and nothing where it fails. */
export const firewallFactsScript = `atBoot() { for link in ${BOOT_LINKS.join(' ')}; do [ -e "$link" ] && echo yes && break; done; }
unit() { cat ${layout.firewallUnit} || cat ${layout.firewallInit}; }
nftWorks() { nft -j list tables >/dev/null && echo yes; }
chains() { program=$1; shift; for chain in "$@"; do "$program" -w -S "$chain"; done; }
input() { "$1" -w -S INPUT && { "$1" -w -S SHIPYARD-CLUSTER || true; }; }
policies() { [ -d /usr/lib/firewalld/policies ] && echo yes; }
policyChains() { for chain in filter_INPUT_POLICIES_pre ${POLICY_CHAINS.join(' ')}; do nft -j list chain inet firewalld $chain; echo; done; }
file firewall ${layout.firewall}
say firewall-unit unit
say firewall-boot atBoot
say nft nftWorks
say nft-table nft -j list table inet shipyard_cluster
for program in iptables ip6tables; do say $program input $program; done
if command -v ufw >/dev/null; then
  file ufw /etc/ufw/ufw.conf
  file ufw-defaults /etc/default/ufw
  say ufw-tuples grep -h '^### tuple ###' /etc/ufw/user.rules /etc/ufw/user6.rules
  say ufw-live4 chains iptables INPUT ufw-before-input ufw-user-input
  say ufw-live6 chains ip6tables INPUT ufw6-before-input ufw6-user-input
fi
if command -v firewall-cmd >/dev/null; then
  say firewalld firewall-cmd --state
  say firewalld-policies policies
  file firewalld-config /etc/firewalld/firewalld.conf
  file firewalld-policy /etc/firewalld/policies/shipyard-cluster.xml
  say firewalld-chains policyChains
fi`;

/** Reads what it printed, by key. */
export function parseFirewallFacts(values: ReadonlyMap<string, string>, ipv6: boolean): FirewallFacts {
  return {
    ipv6,
    script: values.get('firewall'),
    bootUnit: values.get('firewall-unit'),
    bootEnabled: values.get('firewall-boot') === 'yes',
    nft: values.get('nft') === 'yes',
    nftTable: values.get('nft-table'),
    iptables: values.get('iptables'),
    ip6tables: values.get('ip6tables'),
    ufw: ufwFacts(values),
    firewalld: firewalldFacts(values),
  };
}

function ufwFacts(values: ReadonlyMap<string, string>): UfwFacts | undefined {
  const config = values.get('ufw');
  if (config === undefined) return undefined;
  return {
    enabled: /^ENABLED=["']?yes["']?\s*$/im.test(config),
    ipv6: /^IPV6=["']?yes["']?\s*$/im.test(values.get('ufw-defaults') ?? ''),
    tuples: values.get('ufw-tuples') ?? '',
    live4: values.get('ufw-live4') ?? '',
    live6: values.get('ufw-live6') ?? '',
  };
}

function firewalldFacts(values: ReadonlyMap<string, string>): FirewalldFacts | undefined {
  const config = values.get('firewalld-config');
  if (config === undefined) return undefined;
  return {
    running: values.get('firewalld') === 'running',
    policies: values.get('firewalld-policies') === 'yes',
    nftables: !/^FirewallBackend=iptables\s*$/m.test(config),
    policy: values.get('firewalld-policy'),
    chains: values.get('firewalld-chains') ?? '',
  };
}
