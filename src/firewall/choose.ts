import { ActionError } from '../errors.ts';
import type { FirewallFacts } from './facts.ts';
import type { Firewall, FirewallKind } from './firewall.ts';
import type { Allowed } from './rules.ts';
import { firewalls } from './script.ts';

/** What was asked: no rules of ours, or rules of one kind or of the one that fits each node. */
export type FirewallPolicy =
  { readonly kind: 'none' } | { readonly kind: 'auto' | FirewallKind; readonly allow: Allowed };

/**
 * The firewall for a node; `undefined` where none is asked. A manager that is on has the last word about every
 * connection, so nothing else is taken beside it. Throws ActionError where what was asked is not there or not enough.
 */
export function chooseFirewall({ kind }: FirewallPolicy, facts: FirewallFacts): Firewall | undefined {
  if (kind === 'none') return undefined;
  const manager = activeManager(facts);
  if (kind !== 'auto' && manager !== undefined && manager !== kind) throw overruled(kind, manager);
  const chosen = kind === 'auto' ? (manager ?? (facts.nft ? 'nftables' : 'iptables')) : kind;
  const problem = obstacles[chosen](facts);
  if (problem !== undefined) throw problem;
  return firewalls[chosen];
}

/** The manager that decides on the node, whoever set it up. */
export function activeManager(facts: FirewallFacts): 'ufw' | 'firewalld' | undefined {
  if (facts.firewalld?.running === true) return 'firewalld';
  return facts.ufw?.enabled === true ? 'ufw' : undefined;
}

const obstacles: Readonly<Record<FirewallKind, (facts: FirewallFacts) => ActionError | undefined>> = {
  nftables: ({ nft }) =>
    nft ? undefined : missing('nftables', '`nft -j list tables` does not work', 'install nftables'),
  iptables: (facts) => {
    if (facts.iptables === undefined)
      return missing('iptables', '`iptables -S INPUT` does not work', 'install iptables or nftables');
    if (facts.ipv6 && facts.ip6tables === undefined)
      return missing('iptables', '`ip6tables` does not work, and IPv6 would be open', 'install ip6tables');
    return undefined;
  },
  ufw: (facts) => {
    const { ufw, ipv6 } = facts;
    if (ufw?.enabled !== true)
      return missing('ufw', ufw ? 'it is not enabled' : 'it is not installed', 'run `ufw enable`');
    if (ipv6 && !ufw.ipv6)
      return missing(
        'ufw',
        'it does not look at IPv6',
        'set IPV6=yes in /etc/default/ufw and run `ufw reload`',
      );
    if (!ufw.live4.includes('-j ufw-before-input') && !firewalls.ufw.isLeft(facts))
      return missing(
        'ufw',
        'it is enabled, but its rules are not loaded',
        'run `ufw reload`, or `ufw disable`',
      );
    return undefined;
  },
  firewalld: ({ firewalld }) => {
    if (firewalld?.running !== true)
      return missing('firewalld', firewalld ? 'it does not run' : 'it is not installed', 'start firewalld');
    if (!firewalld.policies)
      return missing('firewalld', 'it has no policies, which are new in 0.9', 'bring it up to date');
    if (!firewalld.nftables)
      return missing(
        'firewalld',
        'it uses iptables',
        'set FirewallBackend=nftables in /etc/firewalld/firewalld.conf',
      );
    return undefined;
  },
};

function missing(kind: FirewallKind, why: string, what: string): ActionError {
  return new ActionError({
    message: `the firewall ${kind} cannot be used on the node: ${why}`,
    hint: `${what} on the node, or choose another firewall; nothing was changed`,
  });
}

function overruled(kind: FirewallKind, manager: 'ufw' | 'firewalld'): ActionError {
  return new ActionError({
    message: `${manager} is active on the node and decides who may reach the port: rules of ${kind} would not overrule it`,
    hint: `set firewall: ${manager} or auto, or switch ${manager} off on the node; nothing was changed`,
  });
}
