import { describe, expect, test } from '@jest/globals';
import { parseJumps } from '../../../src/inventory/jumps.ts';
import { parseHostKey } from '../../../src/ssh/host-key.ts';
import { parseKnownHosts } from '../../../src/ssh/known-hosts.ts';
import { routeTo } from '../../../src/ssh/route.ts';

const ONE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO28rRcqXlyPM+JKSaRtD8mbPwtUGFqjnRwhNadq9cL/';
const TWO = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIuaDkQ0z11FNS89OeWgos9asrAfFGnDFfFV7vX2uF14';
const { knownHosts } = parseKnownHosts(`10.0.0.11 ${ONE}\n[10.0.0.2]:2222 ${TWO}`);
const address = { user: 'root', host: '10.0.0.11', port: 22 };
const jumps = parseJumps('10.0.0.1, deploy@10.0.0.2:2222');

test('a host has the keys of the inventory and of known_hosts, a jump host the latter', () => {
  const route = routeTo({ address, hostKeys: [parseHostKey(TWO)] }, { knownHosts, jumps });
  expect(route).toEqual({
    address,
    keys: { trusted: [parseHostKey(TWO), parseHostKey(ONE)], revoked: [] },
    jumps: [
      { address: { user: 'root', host: '10.0.0.1', port: 22 }, keys: { trusted: [], revoked: [] } },
      {
        address: { user: 'deploy', host: '10.0.0.2', port: 2222 },
        keys: { trusted: [parseHostKey(TWO)], revoked: [] },
      },
    ],
  });
});

describe('the jump hosts of', () => {
  test.each([
    ['a host without its own are the common ones', '10.0.0.11', undefined, ['10.0.0.1', '10.0.0.2']],
    ['a host with its own are these', '10.0.0.11', 'bastion', ['bastion']],
    ['a host that wants none are none', '10.0.0.11', 'none', []],
    ['a jump host are those before it', '10.0.0.2', undefined, ['10.0.0.1']],
    ['the first jump host are none', '10.0.0.1', undefined, []],
  ])('%s', (_, host, own, expected) => {
    const port = host === '10.0.0.2' ? 2222 : 22;
    const destination = {
      address: { user: 'root', host, port },
      jumps: own?.split('\n').flatMap(parseJumps),
    };
    const route = routeTo(destination, { knownHosts, jumps });
    expect(route.jumps.map((jump) => jump.address.host)).toEqual(expected);
  });
});
