import { expect, test } from '@jest/globals';
import { parseSshAddress } from '../../../src/inventory/ssh-address.ts';

test.each([
  ['10.0.0.11', { user: 'root', host: '10.0.0.11', port: 22 }],
  ['deploy@node1:2222', { user: 'deploy', host: 'node1', port: 2222 }],
  ['Node1', { user: 'root', host: 'node1', port: 22 }],
  ['[2001:DB8::1]', { user: 'root', host: '2001:db8::1', port: 22 }],
  ['[node1]:2222', { user: 'root', host: 'node1', port: 2222 }],
  ['_x-1@[::1]:65535', { user: '_x-1', host: '::1', port: 65535 }],
])('%s', (text, address) => {
  expect(parseSshAddress(text)).toEqual(address);
});

test.each([
  ['', 'is not of the form user@host:port'],
  ['::1', 'is not of the form user@host:port'],
  ['root@2001:db8::1', 'is not of the form user@host:port'],
  ['a b', 'is not of the form user@host:port'],
  ['root:secret@node1', 'is not of the form user@host:port'],
  ['a@b@node1', 'is not of the form user@host:port'],
  ['@node1', '"" is not a Linux user name'],
  ['-oProxyCommand=x@node1', '"-oProxyCommand=x" is not a Linux user name'],
  ['Root@node1', '"Root" is not a Linux user name'],
  [`${'a'.repeat(33)}@node1`, 'is not a Linux user name'],
  ['node1:', 'must be a whole number from 1 to 65535, not ""'],
  ['node1:0', 'must be a whole number from 1 to 65535, not "0"'],
  ['node1:022', 'must be a whole number from 1 to 65535, not "022"'],
  ['node1:65536', 'must be a whole number from 1 to 65535, not "65536"'],
])('%s is refused', (text, message) => {
  expect(() => parseSshAddress(text)).toThrow(message);
});

test('what may be a password is not repeated', () => {
  expect(() => parseSshAddress('root:secret@node1')).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('secret') }),
  );
});
