import type { LabMachine } from '../../../lab/container.ts';

export const KINDS = ['iptables', 'ufw', 'firewalld'] as const;
export type Kind = (typeof KINDS)[number];

/** The node of a kind, made so by what a person did to it, who has also let everybody in to the port. */
export const SETUP: Readonly<Record<Kind, string>> = {
  iptables: `mv /usr/sbin/nft /root/nft
    for program in iptables ip6tables; do $program -I INPUT -p tcp --dport 2376 -j ACCEPT; done`,
  ufw: 'ufw allow 22/tcp; ufw allow 2376/tcp; ufw allow 2300:2400/tcp; ufw --force enable',
  firewalld: `systemctl enable --now firewalld
    firewall-cmd --permanent --zone public --add-port 2376/tcp; firewall-cmd --reload`,
};

/** All rules in force. Counters and handles are none. */
export const RULES: Readonly<Record<Kind, string>> = {
  iptables:
    'iptables -S INPUT; iptables -S SHIPYARD-CLUSTER; ip6tables -S INPUT; ip6tables -S SHIPYARD-CLUSTER',
  ufw: 'ufw status numbered; cat /etc/ufw/user.rules /etc/ufw/user6.rules; iptables -S ufw-user-input; ip6tables -S ufw6-user-input',
  firewalld:
    'nft --stateless list table inet firewalld; cat /etc/firewalld/policies/* /etc/firewalld/zones/public.xml; firewall-cmd --list-all-policies',
};

/** Whatever filters on a node, in its kernel. Of nftables only a table of ours, since those of Docker come and go. */
export const FILTERS = `for program in iptables ip6tables; do $program -S INPUT; done
for nft in /usr/sbin/nft /root/nft; do [ ! -x $nft ] || $nft list tables | grep shipyard || true; done
! command -v ufw >/dev/null || ufw status verbose
! firewall-cmd --state 2>/dev/null || { firewall-cmd --list-all-zones; firewall-cmd --list-all-policies; }`;

/** The same without what is ours: our policy of firewalld goes to the next empty line. */
export const OTHER_FILTERS = `{ ${FILTERS}
} | sed '/^shipyard-cluster/,/^$/d' | grep -vi 'shipyard[-_]cluster'`;

/** All that the kernel filters by, from whatever program. */
export const RULESET = 'for nft in /usr/sbin/nft /root/nft; do [ ! -x $nft ] || $nft list ruleset; done';

const UFW_FILES = '/etc/ufw/user.rules /etc/ufw/user6.rules';

/** The files in which ufw keeps its rules. */
export const UFW_RULES = `stat -c '%n %a %U:%G' ${UFW_FILES}; cat ${UFW_FILES}`;

/** The same without ours, each of which begins with a line that has our comment in hexadecimal. */
export const OTHER_UFW_RULES = `{ ${UFW_RULES}
} | awk -v "ours=comment=$(printf shipyard-cluster | od -An -tx1 | tr -d ' \\n')" '
  /^### (tuple|END RULES)/ { skip = $NF == ours }
  !skip'`;

/**
 * What somebody does to a node behind our back, by what it comes to. Each of these alone is told from the rules in force by
 * the unit tests, from what the programs print.
 */
export const FAULTS: readonly (readonly [string, Readonly<Record<Kind, string>>])[] = [
  [
    'all rules flushed',
    { iptables: '/root/nft flush ruleset', ufw: 'nft flush ruleset', firewalld: 'nft flush ruleset' },
  ],
  [
    'everybody let in before our rules, those for IPv6 and the denial taken away',
    {
      iptables: `ip6tables -D INPUT -j SHIPYARD-CLUSTER; ip6tables -F SHIPYARD-CLUSTER
        iptables -D SHIPYARD-CLUSTER -j DROP
        iptables -I INPUT 1 -p tcp --dport 2376 -j ACCEPT`,
      ufw: `ufw delete $(ufw show added | grep 'allow from fd.*shipyard' | sed "s/^ufw //; s/ comment.*//")
        ufw delete deny from any port 1:65535 to any port 2376 proto tcp
        ufw prepend allow from any to any port 2376:2377 proto tcp`,
      // Whoever reloads firewalld loses what was not made permanent, so that comes first.
      firewalld: `sed -i /fd77/d /etc/firewalld/policies/shipyard-cluster.xml; firewall-cmd --reload
        firewall-cmd --policy shipyard-cluster --remove-rich-rule 'rule priority="1" port port="2376" protocol="tcp" drop'
        firewall-cmd --policy shipyard-cluster --add-rich-rule "rule priority=-5 port port=2376 protocol=tcp accept"`,
    },
  ],
];

/** The program by which the rules of each kind are changed. */
const PROGRAMS: Readonly<Record<Kind, string>> = {
  iptables: '/usr/sbin/iptables-restore',
  ufw: '/usr/sbin/ufw',
  firewalld: '/usr/bin/firewall-cmd',
};

const eachNft = (argument: string): string =>
  `for nft in /usr/sbin/nft /root/nft; do [ ! -x $nft ] || $nft ${argument}; done`;

/** From now on, whoever changes the rules lets nobody new in to SSH; connections that stand go on. */
export async function lockOut(node: LabMachine, kind: Kind): Promise<void> {
  const program = PROGRAMS[kind];
  await node.writeFile(
    program.replace(/^.*\//, '/usr/local/sbin/'),
    `#!/bin/sh
case "$*" in
  *--help*|*--test*|*--dry-run*|status*|*show*|--state|*--list*|*--get*) ;;
  *) ${eachNft("'add table inet lock; add chain inet lock c { type filter hook input priority -300; }; add rule inet lock c tcp dport 22 ct state new drop'")} ;;
esac
exec ${program} "$@"
`,
    0o755,
  );
}

export async function letIn(node: LabMachine, kind: Kind): Promise<void> {
  await node.script(
    `rm ${PROGRAMS[kind].replace(/^.*\//, '/usr/local/sbin/')}; ${eachNft('delete table inet lock')}`,
  );
}
