import { describe, expect, test } from '@jest/globals';
import type { FirewalldFacts, UfwFacts } from '../../../src/firewall/facts.ts';
import type { PortRules } from '../../../src/firewall/rules.ts';
import { firewalls } from '../../../src/firewall/script.ts';
import { firewallFacts } from '../../support/fakes.ts';
import { FIREWALLD, IPTABLES, NFT_TABLE, UFW } from './recorded.ts';

const rules: PortRules = { port: 2376, allow: { v4: ['10.0.0.5', '10.1.0.0/16'], v6: ['fd00::/64'] } };
const nobodyElse: PortRules = { ...rules, allow: { v4: ['10.0.0.5'], v6: [] } };
const otherPort: PortRules = { ...rules, port: 12376 };

type Edit = readonly [string | RegExp, string];

function edited(text: string, [from, to]: Edit): string {
  const result = text.replace(from, to);
  expect(result).not.toBe(text);
  return result;
}

describe('nftables', () => {
  const isInForce = (nftTable: string | undefined, asked = rules) =>
    firewalls.nftables.isInForce(firewallFacts({ nftTable }), asked);

  test('as nft prints it', () => {
    expect(isInForce(NFT_TABLE)).toBe(true);
    expect(isInForce(NFT_TABLE, nobodyElse)).toBe(false);
    expect(isInForce(NFT_TABLE, otherPort)).toBe(false);
    expect(isInForce(undefined)).toBe(false);
    expect(isInForce('no JSON')).toBe(false);
    expect(isInForce('null')).toBe(false);
    expect(isInForce('{"nftables":[{"table":{"family":"inet","name":"shipyard_cluster"}}]}')).toBe(false);
  });

  test('whatever its handles, and in whatever order it lists what is allowed', () => {
    expect(isInForce(NFT_TABLE.replaceAll(/"handle": \d+/g, '"handle": 77'))).toBe(true);
    expect(
      isInForce(
        edited(NFT_TABLE, [
          '"10.0.0.5", {"prefix": {"addr": "10.1.0.0", "len": 16}}',
          '{"prefix": {"addr": "10.1.0.0", "len": 16}}, {"prefix": {"addr": "10.0.0.5", "len": 32}}',
        ]),
      ),
    ).toBe(true);
  });

  test.each<Edit>([
    ['"10.0.0.5", ', ''],
    ['"10.0.0.5", ', '"10.0.0.5", "10.0.0.6", '],
    ['"drop": null', '"accept": null'],
    ['"prio": -10', '"prio": 10'],
    ['"hook": "input"', '"hook": "forward"'],
    ['"right": "lo"', '"right": "eth0"'],
    ['{"metainfo"', '{"rule": {"chain": "input", "expr": [{"accept": null}]}}, {"metainfo"'],
  ])('not after an edit from %j to %j', (...edit) => {
    expect(isInForce(edited(NFT_TABLE, edit))).toBe(false);
  });
});

describe('iptables', () => {
  const { four, six } = IPTABLES;
  const isInForce = (iptables: string | undefined, ip6tables: string | undefined, asked = rules) =>
    firewalls.iptables.isInForce(firewallFacts({ iptables, ip6tables }), asked);

  test('as iptables prints it', () => {
    expect(isInForce(four, six)).toBe(true);
    expect(isInForce(four, six, nobodyElse)).toBe(false);
    expect(isInForce(four, six, otherPort)).toBe(false);
    expect(isInForce(four, '-P INPUT ACCEPT')).toBe(false);
    expect(isInForce(four, undefined)).toBe(false);
    expect(isInForce('-P INPUT ACCEPT', six)).toBe(false);
    expect(firewalls.iptables.isInForce(firewallFacts({ ipv6: false, iptables: four }), rules)).toBe(true);
  });

  test.each<Edit>([
    ['-A INPUT -j SHIPYARD-CLUSTER\n', ''],
    ['-A SHIPYARD-CLUSTER -j DROP', '-A SHIPYARD-CLUSTER -j RETURN'],
    ['10.0.0.5/32', '10.0.0.6/32'],
    ['-A INPUT -j SHIPYARD-CLUSTER\n', '-A INPUT -j ACCEPT\n-A INPUT -j SHIPYARD-CLUSTER\n'],
    [
      '-A INPUT -j SHIPYARD-CLUSTER\n',
      '-A INPUT -p tcp -m tcp --dport 2376 -j ACCEPT\n-A INPUT -j SHIPYARD-CLUSTER\n',
    ],
    ['-A INPUT -j SHIPYARD-CLUSTER\n', '-A INPUT -s 10.0.0.0/8 -j LETIN\n-A INPUT -j SHIPYARD-CLUSTER\n'],
    [
      '-A INPUT -j SHIPYARD-CLUSTER\n',
      '-A INPUT -p tcp -m multiport --dports 80,2000:3000 -j ACCEPT\n-A INPUT -j SHIPYARD-CLUSTER\n',
    ],
    [
      '-A INPUT -j SHIPYARD-CLUSTER\n',
      '-A INPUT -p tcp -m tcp ! --dport 22 -j ACCEPT\n-A INPUT -j SHIPYARD-CLUSTER\n',
    ],
    ['-A INPUT -j SHIPYARD-CLUSTER\n', '-A INPUT ! -p udp -j ACCEPT\n-A INPUT -j SHIPYARD-CLUSTER\n'],
  ])('not after an edit from %j to %j', (...edit) => {
    expect(isInForce(edited(four, edit), six)).toBe(false);
  });

  test.each([
    '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
    '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    '-A INPUT -p udp -m udp --dport 2376 -j ACCEPT',
    '-A INPUT -p icmp -j ACCEPT',
    '-A INPUT -s 192.0.2.1/32 -j DROP',
    '-A INPUT -m comment --comment "count"',
  ])('with %j before the jump, which lets nobody in to the port', (line) => {
    expect(isInForce(edited(four, ['-A INPUT -j SHIPYARD', `${line}\n-A INPUT -j SHIPYARD`]), six)).toBe(
      true,
    );
  });
});

describe('ufw', () => {
  const isInForce = (fields: Partial<UfwFacts>, asked = rules) =>
    firewalls.ufw.isInForce(firewallFacts({ ufw: { ...UFW, ...fields } }), asked);

  test('as ufw writes it and iptables prints it', () => {
    expect(isInForce({})).toBe(true);
    expect(isInForce({}, nobodyElse)).toBe(false);
    expect(isInForce({}, otherPort)).toBe(false);
    expect(isInForce({ live4: '-P INPUT ACCEPT', live6: '-P INPUT ACCEPT' })).toBe(false);
    expect(isInForce({ live6: '' })).toBe(false);
    expect(firewalls.ufw.isInForce(firewallFacts(), rules)).toBe(false);
  });

  test.each<[keyof Pick<UfwFacts, 'tuples' | 'live4' | 'live6'>, ...Edit]>([
    ['tuples', / in comment=\w+/, ' in'],
    ['tuples', '10.0.0.5', '10.0.0.6'],
    ['tuples', 'deny tcp 2376 ::/0', 'deny tcp 2377 ::/0'],
    ['live4', '-A INPUT -j ufw-before-input', '-A INPUT -p udp -j ufw-before-input-2'],
    ['live4', '-j DROP', '-j ACCEPT'],
    ['live4', '-s 10.0.0.5/32 ', ''],
    [
      'live4',
      '-N ufw-user-input',
      '-N ufw-user-input\n-A ufw-user-input -p tcp -m multiport --dports 2300:2400 -j ACCEPT',
    ],
    ['live6', /-A ufw6-user-input -s fd00.*\n/, ''],
  ])('not after an edit of %s from %j to %j', (field, ...edit) => {
    expect(isInForce({ [field]: edited(UFW[field], edit) })).toBe(false);
  });

  test('with an address banned above our rules, which lets nobody in', () => {
    const live4 = edited(UFW.live4, [
      '-N ufw-user-input',
      '-N ufw-user-input\n-A ufw-user-input -s 192.0.2.1/32 -j REJECT',
    ]);
    expect(isInForce({ live4 })).toBe(true);
  });

  test('ours are told from others by their comment', () => {
    const tuples = '### tuple ### allow tcp 2376 0.0.0.0/0 any 0.0.0.0/0 in comment=6f74686572';
    expect(firewalls.ufw.isLeft(firewallFacts({ ufw: { ...UFW, tuples } }))).toBe(false);
    expect(firewalls.ufw.isLeft(firewallFacts({ ufw: UFW }))).toBe(true);
  });
});

describe('firewalld', () => {
  const isInForce = (fields: Partial<FirewalldFacts>, asked = rules) =>
    firewalls.firewalld.isInForce(firewallFacts({ firewalld: { ...FIREWALLD, ...fields } }), asked);
  const { policy } = FIREWALLD;

  test('as firewalld writes it and nft prints it', () => {
    expect(isInForce({})).toBe(true);
    expect(isInForce({}, nobodyElse)).toBe(false);
    expect(isInForce({}, otherPort)).toBe(false);
    expect(isInForce({ chains: '' })).toBe(false);
    expect(isInForce({ policy: undefined })).toBe(false);
    expect(firewalls.firewalld.isInForce(firewallFacts(), rules)).toBe(false);
  });

  test.each<Edit>([
    ['priority="-100"', 'priority="100"'],
    ['target="CONTINUE"', 'target="ACCEPT"'],
    ['name="ANY"', 'name="public"'],
    ['10.0.0.5', '10.0.0.6'],
    ['<drop/>', '<accept/>'],
  ])('not after an edit of the policy from %j to %j', (...edit) => {
    expect(isInForce({ policy: edited(policy ?? '', edit) })).toBe(false);
  });

  test.each<Edit>([
    ['"10.0.0.5"', '"10.0.0.6"'],
    ['"drop": null', '"accept": null'],
    ['"target": "filter_IN_policy_shipyard-cluster"', '"target": "filter_IN_policy_other"'],
    ['shipyard-cluster_post", "handle": 9, "expr"', 'shipyard-cluster_pre", "handle": 9, "expr"'],
  ])('not after an edit of the kernel from %j to %j', (...edit) => {
    expect(isInForce({ chains: edited(FIREWALLD.chains, edit) })).toBe(false);
  });

  test('a policy that has no rules left is none', () => {
    const left = { ...FIREWALLD, policy: undefined };
    expect(firewalls.firewalld.isLeft(firewallFacts({ firewalld: left }))).toBe(true);
    expect(firewalls.firewalld.isLeft(firewallFacts({ firewalld: { ...left, chains: '' } }))).toBe(false);
    expect(firewalls.firewalld.isLeft(firewallFacts())).toBe(false);
  });
});
