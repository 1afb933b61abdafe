import { expect, test } from '@jest/globals';
import { accessText, portAccess, type PortAccess } from '../../../src/firewall/access.ts';
import { chooseFirewall, type FirewallPolicy } from '../../../src/firewall/choose.ts';
import type { FirewallFacts } from '../../../src/firewall/facts.ts';
import { firewallFacts, nodeSpec } from '../../support/fakes.ts';

const ufw = { enabled: true, ipv6: true, tuples: '', live4: '-A INPUT -j ufw-before-input', live6: '' };
const firewalld = { running: true, policies: true, nftables: true, policy: undefined, chains: '' };
const asked = (kind: 'auto' | 'nftables' | 'iptables' | 'ufw' | 'firewalld'): FirewallPolicy => ({
  kind,
  allow: { v4: ['10.0.0.5'], v6: ['fd00::/64'] },
});

test.each<[string, Partial<FirewallFacts>, string]>([
  ['firewalld where it runs', { firewalld, ufw: { ...ufw, enabled: false } }, 'firewalld'],
  ['ufw where it is on', { ufw, firewalld: { ...firewalld, running: false } }, 'ufw'],
  ['nftables where neither is', { ufw: { ...ufw, enabled: false } }, 'nftables'],
  ['iptables where nft does not work', { nft: false }, 'iptables'],
  [
    'iptables where there is no IPv6 and no ip6tables',
    { nft: false, ipv6: false, ip6tables: undefined },
    'iptables',
  ],
])('auto takes %s', (_, facts, kind) => {
  expect(chooseFirewall(asked('auto'), firewallFacts(facts))?.kind).toBe(kind);
});

test('none takes none, whatever is there', () => {
  expect(chooseFirewall({ kind: 'none' }, firewallFacts({ ufw, nft: false }))).toBeUndefined();
});

test.each<['auto' | 'nftables' | 'iptables' | 'ufw' | 'firewalld', Partial<FirewallFacts>, string]>([
  ['nftables', { nft: false }, 'nftables cannot be used on the node: `nft -j list tables` does not work'],
  ['iptables', { iptables: undefined }, '`iptables -S INPUT` does not work'],
  ['iptables', { ip6tables: undefined }, '`ip6tables` does not work, and IPv6 would be open'],
  ['auto', { nft: false, iptables: undefined }, '`iptables -S INPUT` does not work'],
  ['ufw', {}, 'it is not installed'],
  ['ufw', { ufw: { ...ufw, enabled: false } }, 'it is not enabled'],
  ['auto', { ufw: { ...ufw, ipv6: false } }, 'it does not look at IPv6'],
  ['auto', { ufw: { ...ufw, live4: '-P INPUT ACCEPT' } }, 'its rules are not loaded'],
  ['firewalld', {}, 'it is not installed'],
  ['firewalld', { firewalld: { ...firewalld, running: false } }, 'it does not run'],
  ['auto', { firewalld: { ...firewalld, policies: false } }, 'it has no policies'],
  ['auto', { firewalld: { ...firewalld, nftables: false } }, 'it uses iptables'],
  ['nftables', { ufw }, 'ufw is active on the node and decides who may reach the port'],
  ['iptables', { ufw }, 'rules of iptables would not overrule it'],
  ['nftables', { firewalld }, 'firewalld is active on the node'],
  ['ufw', { ufw, firewalld }, 'firewalld is active on the node'],
])('%s is refused on a node with %j', (kind, facts, message) => {
  expect(() => chooseFirewall(asked(kind), firewallFacts(facts))).toThrow(message);
});

test.each<[FirewallPolicy, Partial<FirewallFacts>, string]>([
  [{ kind: 'none' }, {}, 'port 2376 on every address: anybody who can route to it'],
  [
    { kind: 'none' },
    { ufw },
    'port 2376 on every address: anybody who can route to it and is let in by its ufw',
  ],
  [asked('auto'), {}, 'port 2376 on every address: the node itself and 10.0.0.5, fd00::/64 (nftables)'],
  [asked('auto'), { ufw }, 'port 2376 on every address: the node itself and 10.0.0.5, fd00::/64 (ufw)'],
])('who may, with %j and %j', (policy, facts, text) => {
  expect(accessText(nodeSpec(), access(policy, facts))).toBe(text);
});

test('who may, on the one address that the engine listens on', () => {
  const spec = nodeSpec({ listen: '10.0.0.11', enginePort: 12376 });
  expect(accessText(spec, access({ kind: 'none' }))).toBe(
    'port 12376 on 10.0.0.11: anybody who can route to it',
  );
});

test('nobody says who may where what was asked cannot be had', () => {
  expect(portAccess(asked('ufw'), firewallFacts())).toBeUndefined();
});

function access(policy: FirewallPolicy, facts: Partial<FirewallFacts> = {}): PortAccess {
  const found = portAccess(policy, firewallFacts(facts));
  if (found === undefined) throw new Error('it can be had');
  return found;
}
