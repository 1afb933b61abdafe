import { attempt } from '../inputs/attempt.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { activeManager, chooseFirewall, type FirewallPolicy } from './choose.ts';
import type { FirewallFacts } from './facts.ts';
import type { FirewallKind } from './firewall.ts';

/** Who may reach the engine port of a node, as far as we have a say in it. */
export type PortAccess = {
  readonly firewall: FirewallKind | 'none';
  /** Addresses and networks; everybody where there is no firewall of ours. */
  readonly allowed: 'everybody' | readonly string[];
  /** The firewall of somebody else that has its own say. */
  readonly manager: 'ufw' | 'firewalld' | undefined;
};

/** `undefined` where what was asked cannot be had: such a node was refused. */
export function portAccess(policy: FirewallPolicy, facts: FirewallFacts): PortAccess | undefined {
  return attempt(
    () => accessOf(policy, facts),
    () => undefined,
  );
}

function accessOf(policy: FirewallPolicy, facts: FirewallFacts): PortAccess {
  const firewall = chooseFirewall(policy, facts);
  if (firewall === undefined || policy.kind === 'none')
    return { firewall: 'none', allowed: 'everybody', manager: activeManager(facts) };
  const { v4, v6 } = policy.allow;
  return { firewall: firewall.kind, allowed: [...v4, ...v6], manager: undefined };
}

/** One phrase for people; all of it is our own text or was checked. */
export function accessText(
  { listen, enginePort }: NodeSpec,
  { firewall, allowed, manager }: PortAccess,
): string {
  const port = `port ${enginePort} on ${listen ?? 'every address'}`;
  if (allowed !== 'everybody') return `${port}: the node itself and ${allowed.join(', ')} (${firewall})`;
  const but = manager === undefined ? '' : ` and is let in by its ${manager}`;
  return `${port}: anybody who can route to it${but}`;
}
