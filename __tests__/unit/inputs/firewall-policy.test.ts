import { expect, test } from '@jest/globals';
import { inputError, problems, request, type Inputs } from '../../support/inputs.ts';

test('without a word there is no firewall', () => {
  expect(request().firewall).toEqual({ kind: 'none' });
  expect(request({ firewall: 'none' }).firewall).toEqual({ kind: 'none' });
});

test.each(['auto', 'nftables', 'iptables', 'ufw', 'firewalld'])('%s is a firewall', (firewall) => {
  expect(request({ firewall, 'firewall-allow': '10.0.0.5' }).firewall).toEqual({
    kind: firewall,
    allow: { v4: ['10.0.0.5'], v6: [] },
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  ['10.0.0.5', ['10.0.0.5'], []],
  ['10.0.0.5/32', ['10.0.0.5'], []],
  ['10.1.0.0/16', ['10.1.0.0/16'], []],
  ['128.0.0.0/1', ['128.0.0.0/1'], []],
  ['FD00:0:0::0/64', [], ['fd00::/64']],
  ['2001:DB8:0:0:1:0:0:1', [], ['2001:db8::1:0:0:1']],
  ['fd00::5/128', [], ['fd00::5']],
  ['10.0.0.9, 10.0.0.10\n\tfd00::1  10.0.0.9', ['10.0.0.9', '10.0.0.10'], ['fd00::1']],
  ['10.0.0.5 10.0.0.0/24 10.0.0.0/8 10.0.0.0/8', ['10.0.0.0/8'], []],
  ['fd00::/64 fd00::1 fd00:0:0:1::1', [], ['fd00::/64', 'fd00:0:0:1::1']],
  ['10.0.0.0/25 10.0.0.128/25', ['10.0.0.0/25', '10.0.0.128/25'], []],
  ['172.17.0.0/16', ['172.17.0.0/16'], []],
])('%j may', (text, v4, v6) => {
  expect(request({ firewall: 'auto', 'firewall-allow': text }).firewall).toMatchObject({ allow: { v4, v6 } });
});

test.each<[Inputs, readonly string[]]>([
  [{ firewall: 'pf', 'firewall-allow': '10.0.0.5' }, ['firewall: "pf" is not known']],
  [
    { firewall: 'auto' },
    [
      'firewall-allow: is empty: with a firewall nobody but the nodes themselves would reach the engines, Shipyard neither',
    ],
  ],
  [
    { firewall: 'nftables', 'firewall-allow': ' ,\n' },
    [
      'firewall-allow: is empty: with a firewall nobody but the nodes themselves would reach the engines, Shipyard neither',
    ],
  ],
  [
    { 'firewall-allow': '10.0.0.5' },
    ['firewall-allow: names who may reach the engines, but firewall is none, which keeps nobody away'],
  ],
  [
    { firewall: 'auto', 'firewall-allow': '10.0.0.5/24 fd00::1/64' },
    [
      'firewall-allow: "10.0.0.5/24" has bits beyond its first 24',
      'firewall-allow: "fd00::1/64" has bits beyond its first 64',
    ],
  ],
  ...(
    [
      ['master.example', 'is neither an IP address nor a network'],
      ['10.0.0', 'is neither an IP address nor a network'],
      ['010.0.0.5', 'is neither an IP address nor a network'],
      ['10.0.0.256', 'is neither an IP address nor a network'],
      ['10.0.0.0/255.0.0.0', 'is neither an IP address nor a network'],
      ['10.0.0.0/', 'is neither an IP address nor a network'],
      ['10.0.0.0/-1', 'is neither an IP address nor a network'],
      ['[fd00::1]', 'is neither an IP address nor a network'],
      ['fd00::1::2', 'is neither an IP address nor a network'],
      ['fe80::1%eth0', 'has a zone, which means something on one machine only'],
      ['::ffff:10.0.0.5', 'is an IPv4 address in IPv6 notation'],
      ['10.0.0.0/33', 'has more than 32 bits'],
      ['fd00::/129', 'has more than 128 bits'],
      ['0.0.0.0/0', 'is everybody'],
      ['::/0', 'is everybody'],
      ['0.0.0.0', 'stands for every address, not for one'],
      ['::', 'stands for every address, not for one'],
      ['$(reboot)', 'is neither an IP address nor a network'],
    ] as const
  ).map(([text, what]): [Inputs, readonly string[]] => [
    { firewall: 'auto', 'firewall-allow': text },
    [`firewall-allow: "${text}" ${what}`],
  ]),
])('%j is refused', (inputs, expected) => {
  expect(problems(inputs)).toEqual(expected);
});

test('the network or the address that was meant is named', () => {
  const { hint } = inputError({ firewall: 'auto', 'firewall-allow': '10.0.0.5/24' });
  expect(hint).toContain('write 10.0.0.0/24 for the network, or 10.0.0.5 for the address alone');
});
