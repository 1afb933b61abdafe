import { ActionError } from '../errors.ts';
import type { FirewallPolicy } from '../firewall/choose.ts';
import type { InputReader } from './input-reader.ts';
import { parseNetwork, withoutContained, type Network } from './network-list.ts';
import { parseChoice } from './scalars.ts';

const KINDS = [
  'none',
  'auto',
  'nftables',
  'iptables',
  'ufw',
  'firewalld',
] as const satisfies readonly FirewallPolicy['kind'][];

/** Reads `firewall` and `firewall-allow`; each address or network that is wrong is a problem of its own. */
export function readFirewallPolicy(reader: InputReader): FirewallPolicy | undefined {
  const kind = reader.parsed('firewall', (text) => parseChoice(text, KINDS), 'none' as const);
  const networks = reader
    .text('firewall-allow')
    .split(/[\s,]+/)
    .filter((text) => text !== '')
    .map((text) => reader.attempt('firewall-allow', () => parseNetwork(text)));
  if (kind === undefined) return undefined;
  if (kind === 'none') {
    if (networks.length > 0) reader.attempt('firewall-allow', () => refuse(WITHOUT_FIREWALL));
    return { kind };
  }
  if (networks.length === 0) reader.attempt('firewall-allow', () => refuse(NOBODY));
  const sound = networks.filter((network) => network !== undefined);
  return { kind, allow: { v4: canonical(sound, 'ipv4'), v6: canonical(sound, 'ipv6') } };
}

const WITHOUT_FIREWALL = {
  message: 'names who may reach the engines, but firewall is none, which keeps nobody away',
  hint: 'set firewall: auto, or take firewall-allow away',
};

const NOBODY = {
  message:
    'is empty: with a firewall nobody but the nodes themselves would reach the engines, Shipyard neither',
  hint: 'write addresses and networks such as 10.0.0.5, 10.1.0.0/24, fd00::/64: first of all the address from which Shipyard connects',
};

function refuse(explanation: { readonly message: string; readonly hint: string }): never {
  throw new ActionError(explanation);
}

function canonical(networks: readonly Network[], kind: 'ipv4' | 'ipv6'): readonly string[] {
  return withoutContained(networks.filter(({ address }) => address.kind() === kind)).map(({ text }) => text);
}
