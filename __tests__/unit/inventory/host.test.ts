import { expect, test } from '@jest/globals';
import { isIPv4, SocketAddress } from 'node:net';
import { engineUrl } from '../../../src/inventory/engine-url.ts';
import { bracketed, isIpAddress, parseHost, parseIpAddress } from '../../../src/inventory/host.ts';
import { seeded } from '../../support/seeded.ts';

const LABEL_63 = 'a'.repeat(63);
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, 'a'.repeat(61)].join('.');

test.each([
  ['node1', 'node1'],
  ['Node1.Example.COM', 'node1.example.com'],
  ['my_host.internal', 'my_host.internal'],
  ['_srv', '_srv'],
  ['1and1.com', '1and1.com'],
  ['10.0.0.11.example', '10.0.0.11.example'],
  ['Bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['日本.jp', 'xn--wgv71a.jp'],
  [`${LABEL_63}.b`, `${LABEL_63}.b`],
  [NAME_253, NAME_253],
  ['10.0.0.11', '10.0.0.11'],
  ['255.255.255.255', '255.255.255.255'],
  ['::1', '::1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
  ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
])('the host %s is %s', (text, host) => {
  expect(parseHost(text)).toBe(host);
  expect(parseHost(host)).toBe(host);
});

test.each([
  ['', 'is neither a DNS name nor an IP address'],
  ['node1.', 'is neither a DNS name nor an IP address'],
  ['.node1', 'is neither a DNS name nor an IP address'],
  ['a..b', 'is neither a DNS name nor an IP address'],
  ['-a.b', 'is neither a DNS name nor an IP address'],
  ['a-.b', 'is neither a DNS name nor an IP address'],
  ['node 1', 'is neither a DNS name nor an IP address'],
  ['ex%61mple.com', 'is neither a DNS name nor an IP address'],
  ['a\u00adb', 'is neither a DNS name nor an IP address'],
  ['a;reboot', 'is neither a DNS name nor an IP address'],
  ['$(reboot)', 'is neither a DNS name nor an IP address'],
  ['user@node1', 'is neither a DNS name nor an IP address'],
  ['node1/path', 'is neither a DNS name nor an IP address'],
  ['*.example.com', 'is neither a DNS name nor an IP address'],
  [`${LABEL_63}a.b`, 'is neither a DNS name nor an IP address'],
  [`${NAME_253}a`, 'is neither a DNS name nor an IP address'],
  ['010.1.2.3', 'is neither a DNS name nor an IP address'],
  ['10.0.0.256', 'is neither a DNS name nor an IP address'],
  ['10.0.1', 'is neither a DNS name nor an IP address'],
  ['10.0.0.0x1', 'is neither a DNS name nor an IP address'],
  ['2130706433', 'is neither a DNS name nor an IP address'],
  ['１０.０.０.１', 'is neither a DNS name nor an IP address'],
  ['node1:22', 'is not an IP address'],
  ['https://node1', 'is not an IP address'],
  ['[::1]', 'is not an IP address'],
  ['1::2::3', 'is not an IP address'],
  ['::12345', 'is not an IP address'],
  ['fe80::1%eth0', 'has a zone, which means something on one machine only'],
  ['::ffff:10.0.0.1', 'is an IPv4 address in IPv6 notation, which certificates and programs tell apart'],
  ['0.0.0.0', 'stands for every address, not for one'],
  ['::', 'stands for every address, not for one'],
  ['0:0:0:0:0:0:0:0', 'stands for every address, not for one'],
])('the host "%s" is refused', (text, message) => {
  expect(() => parseHost(text)).toThrow(message);
});

test('a wildcard is told that it is one', () => {
  expect(() => parseHost('*.a')).toThrow(
    expect.objectContaining({
      hint: 'write each name; a wildcard would make the certificate good for hosts that are not this one',
    }),
  );
});

test('an IP address is asked for where a name would not do', () => {
  expect(parseIpAddress('10.0.0.11')).toBe('10.0.0.11');
  expect(() => parseIpAddress('node1')).toThrow('"node1" is not an IP address');
});

test('four numbers are an IPv4 address where Node says so', () => {
  const random = seeded(4);
  const octet = () =>
    ['', '0', '00', '01', '9', '10', '99', '100', '199', '249', '255', '256', '1000'][
      Math.floor(random() * 13)
    ];
  for (let round = 0; round < 2000; round++) {
    const text = [octet(), octet(), octet(), octet()].join('.');
    expect({ text, isAddress: isIpAddress(text) }).toEqual({ text, isAddress: isIPv4(text) });
  }
});

test('IPv6 addresses are written as inet_ntop writes them', () => {
  const random = seeded(6);
  const group = () => (random() < 0.5 ? '0' : Math.floor(random() * 0x10000).toString(16));
  for (let round = 0; round < 1000; round++) {
    // Below 2000:: there are the notations with an IPv4 address in them, on which programs differ.
    const text = ['2001', group(), group(), group(), group(), group(), group(), group()].join(':');
    expect(parseHost(text)).toBe(new SocketAddress({ family: 'ipv6', address: text }).address);
  }
});

test('only an IPv6 address gets brackets before a port', () => {
  expect(bracketed('node1')).toBe('node1');
  expect(bracketed('10.0.0.11')).toBe('10.0.0.11');
  expect(bracketed('2001:db8::1')).toBe('[2001:db8::1]');
});

test.each([
  ['node1.example.com', 2376, 'https://node1.example.com:2376'],
  ['10.0.0.11', 443, 'https://10.0.0.11:443'],
  ['2001:db8::1', 2376, 'https://[2001:db8::1]:2376'],
])('the engine at %s port %i has the URL %s', (address, enginePort, url) => {
  expect(engineUrl({ address, enginePort })).toBe(url);
  expect(new URL(url).hostname).toBe(bracketed(address));
});
