import { describe, expect, test } from '@jest/globals';
import type { FirewallPolicy } from '../../../src/firewall/choose.ts';
import type { FirewallFacts } from '../../../src/firewall/facts.ts';
import { firewalls, firewallScript } from '../../../src/firewall/script.ts';
import type { InitSystem } from '../../../src/node/init-system.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { sysv } from '../../../src/node/sysv.ts';
import { planFirewall, type FirewallPlan } from '../../../src/plan/firewall-plan.ts';
import { firewallFacts, nodeFacts, nodeSpec } from '../../support/fakes.ts';
import { NFT_TABLE, UFW } from '../firewall/recorded.ts';

const allow = { v4: ['10.0.0.5', '10.1.0.0/16'], v6: ['fd00::/64'] };
const rules = { port: 2376, allow };
const auto: FirewallPolicy = { kind: 'auto', allow };
const none: FirewallPolicy = { kind: 'none' };
const nftScript = firewallScript(firewalls.nftables, rules);
const ufwScript = firewallScript(firewalls.ufw, rules);
const nothing: FirewallPlan = { files: {}, gone: [] };

/** A node that an earlier run has brought to what is asked, with nftables. */
const converged = {
  script: nftScript.trim(),
  bootUnit: systemd.firewall.text.trim(),
  bootEnabled: true,
  nftTable: NFT_TABLE,
};
const underUfw = { ufw: UFW, script: ufwScript.trim() };

function plan(
  policy: FirewallPolicy,
  facts: Partial<FirewallFacts>,
  init: InitSystem = systemd,
): FirewallPlan {
  return planFirewall(nodeSpec(), nodeFacts({ firewall: firewallFacts(facts) }), policy, init);
}

test('nothing is asked, and nothing of ours is there', () => {
  expect(plan(none, {})).toEqual(nothing);
});

test.each([
  [systemd, 'firewall.service'],
  [sysv, 'firewall.init'],
] as const)('a fresh node gets the script and what loads it at boot', (init, copy) => {
  expect(plan(auto, {}, init)).toEqual({
    filter: nftScript,
    files: { 'firewall.sh': nftScript, [copy]: init.firewall.text },
    gone: [],
  });
});

test('ufw remembers by itself', () => {
  expect(plan(auto, { ufw: { ...UFW, tuples: '' } })).toEqual({
    filter: ufwScript,
    files: { 'firewall.sh': ufwScript },
    gone: ['firewall.service'],
  });
});

test('what is as asked is left alone', () => {
  expect(plan(auto, converged)).toEqual(nothing);
  expect(plan(auto, underUfw)).toEqual(nothing);
});

describe('it drifts with', () => {
  test.each<[string, Partial<FirewallFacts>]>([
    ['rules that are gone', { nftTable: undefined }],
    ['rules that were edited', { nftTable: NFT_TABLE.replace('"drop": null', '"accept": null') }],
    ['a script that was edited', { script: `${nftScript}# more` }],
    ['a script that is gone', { script: undefined }],
    ['a unit that is gone', { bootUnit: undefined, bootEnabled: false }],
    ['a unit that is switched off', { bootEnabled: false }],
    ['rules of another kind beside it', { iptables: '-P INPUT ACCEPT\n-N SHIPYARD-CLUSTER' }],
  ])('%s', (_, drift) => {
    expect(plan(auto, { ...converged, ...drift }).filter).toBe(nftScript);
  });
});

test('others may than before', () => {
  const fewer = { kind: 'auto', allow: { v4: ['10.0.0.5'], v6: [] } } as const;
  expect(plan(fewer, converged).filter).toBe(
    firewallScript(firewalls.nftables, { port: 2376, allow: fewer.allow }),
  );
});

test.each<[string, Partial<FirewallFacts>]>([
  ['a whole set-up', converged],
  ['rules alone', { nftTable: NFT_TABLE }],
  ['a script alone', { script: '#!/bin/sh' }],
  ['a unit alone', { bootUnit: 'unit' }],
  ['rules of a manager', { ufw: UFW }],
])('where none is asked everything of ours goes: %s', (_, facts) => {
  expect(plan(none, facts)).toEqual({
    filter: firewallScript(),
    files: {},
    gone: ['firewall.sh', 'firewall.service'],
  });
});

test('a kind that cannot be had is refused', () => {
  expect(() => plan({ kind: 'nftables', allow }, underUfw)).toThrow('ufw is active on the node');
});
