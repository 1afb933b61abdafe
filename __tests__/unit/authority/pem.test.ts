import { afterAll, expect, test } from '@jest/globals';

import { readPem, writePem } from '../../../src/authority/pem.ts';
import { OpenSsl } from '../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const key = openssl.run('genpkey', '-algorithm', 'ed25519');

test('what openssl wrote is read, and written again as it was', () => {
  const [block] = readPem(key) ?? [];

  expect(block?.label).toBe('PRIVATE KEY');
  expect(block && writePem(block.label, block.der)).toBe(key);
  expect(block?.text).toBe(key);
});

test('headers are kept, and what is not a block is left out', () => {
  const text =
    'words\r\n  -----BEGIN A KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: X,00\r\n\r\n AAEC \r\n-----END A KEY-----\r\nwords';

  expect(readPem(text)).toEqual([
    {
      label: 'A KEY',
      headers: ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: X,00'],
      der: Buffer.of(0, 1, 2),
      text: '-----BEGIN A KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nAAEC\n-----END A KEY-----\n',
    },
  ]);
});

test('a text without blocks has none', () => {
  expect(readPem('')).toEqual([]);
  expect(readPem('hunter2\n-----\n')).toEqual([]);
});

test.each([
  ['no END', '-----BEGIN A-----\nAAEC\n'],
  ['no BEGIN', 'AAEC\n-----END A-----\n'],
  ['another END', '-----BEGIN A-----\nAAEC\n-----END B-----\n'],
  ['a block in a block', '-----BEGIN A-----\n-----BEGIN A-----\nAAEC\n-----END A-----\n'],
])('a block with %s makes the whole text unreadable', (_, text) => {
  expect(readPem(key + text)).toBeUndefined();
});
