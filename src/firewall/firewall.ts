import type { FirewallFacts } from './facts.ts';
import type { PortRules } from './rules.ts';

export type FirewallKind = 'nftables' | 'iptables' | 'ufw' | 'firewalld';

/**
 * One way to say who may reach the engine port. What it does on a node is a shell text that defines
 * `check` (refuses on its standard error what could not be loaded, and changes nothing), `load` (puts the rules in
 * force; may be repeated; the port is open to nobody else on the way), `state` (prints `in-force`, or `not-loaded` where
 * the rules are the node's and somebody took all rules out of the kernel, or nothing) and `park` (as found `not-loaded`).
 */
export type Firewall = {
  readonly kind: FirewallKind;
  functions(rules: PortRules): string;
  /** The body of a shell function that takes away what is ours, whatever rules it holds, and nothing else. */
  readonly takeOff: string;
  /** Whether the node's kernel and files hold these rules and no others of ours. */
  isInForce(facts: FirewallFacts, rules: PortRules): boolean;
  /** Whether anything of ours is there. */
  isLeft(facts: FirewallFacts): boolean;
  /** Whether the rules are gone after a boot unless something of ours loads them. */
  readonly needsBootUnit: boolean;
};
