import { isIP } from 'node:net';

import { expect, test } from '@jest/globals';

import { ipBytes, ipText } from '../../../src/authority/ip-address.ts';

test.each([
  ['10.0.0.11', '0a00000b', '10.0.0.11'],
  ['255.255.255.255', 'ffffffff', '255.255.255.255'],
  ['::', '00'.repeat(16), '::'],
  ['::1', `${'00'.repeat(15)}01`, '::1'],
  ['FD00:0:0:0:0:0:0:0011', `fd${'00'.repeat(14)}11`, 'fd00::11'],
  ['1:0:0:2::', '00010000000000020000000000000000', '1:0:0:2::'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008', '1:2:3:4:5:6:7:8'],
  ['::ffff:10.0.0.1', '00000000000000000000ffff0a000001', '::ffff:a00:1'],
])('%s is %s and %s', (text, hex, canonical) => {
  expect(ipBytes(text)?.toString('hex')).toBe(hex);
  expect(ipText(Buffer.from(hex, 'hex'))).toBe(canonical);
});

test.each([
  '',
  'node1',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '1.2.3.04',
  ' 1.2.3.4',
  '1.2.3.4\n',
  '0x1.2.3.4',
  ':',
  ':::',
  '::1::',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  'g::',
  '[::1]',
  '::1%eth0',
  '::1.2.3',
  '::1/64',
  '::1]:80/',
])('%j is no address, and Node agrees', (text) => {
  expect(ipBytes(text)).toBeUndefined();
  expect(text.includes('%') ? 0 : isIP(text)).toBe(0);
});

test('bytes of another length are no address', () => {
  for (const length of [0, 3, 5, 15, 17]) expect(ipText(Buffer.alloc(length))).toBeUndefined();
});
