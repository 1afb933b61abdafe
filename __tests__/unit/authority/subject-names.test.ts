import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { sameNames, subjectNames } from '../../../src/authority/subject-names.ts';
import { ActionError } from '../../../src/errors.ts';
import { OpenSsl } from '../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const now = new Date();
let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority({ algorithm: 'ecdsa-p256', days: 10, now });
});

describe('a name in a certificate', () => {
  const label63 = 'n'.repeat(63);

  test.each([
    ['NODE1.Example.ORG', 'DNS:node1.example.org'],
    ['node1.example.org.', 'DNS:node1.example.org'],
    ['node_1', 'DNS:node_1'],
    ['bücher.example', 'DNS:xn--bcher-kva.example'],
    ['STRASSE.ß.example', 'DNS:strasse.xn--zca.example'],
    ['例え.テスト', 'DNS:xn--r8jz45g.xn--zckzah'],
    [`${label63}.${label63}`, `DNS:${label63}.${label63}`],
    ['10.0.0.11', 'IP Address:10.0.0.11'],
    ['fd00:0:0:0::0011', 'IP Address:FD00:0:0:0:0:0:0:11'],
    ['FE80::A', 'IP Address:FE80:0:0:0:0:0:0:A'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
  ])('%s is %s', async (name, shown) => {
    const policy = { algorithm: 'ecdsa-p256', lifetime: { days: 1 }, now } as const;
    const { certificate } = await issueIdentity(
      authority,
      { kind: 'server', name: 'n', sans: [name] },
      policy,
    );
    const file = openssl.write('leaf.pem', certificate.pem);

    expect(openssl.run('x509', '-in', file, '-noout', '-ext', 'subjectAltName')).toContain(`    ${shown}\n`);
    expect(certificate.sans).toEqual(subjectNames([name]));
  });
});

test('names and addresses are told apart, and none is there twice', () => {
  const names = subjectNames(['b', '10.0.0.2', 'a', 'B', '10.0.0.1', 'fd00::1', 'fd00:0::1', 'b.']);

  expect(names).toEqual({ dns: ['b', 'a'], ips: ['10.0.0.2', '10.0.0.1', 'fd00::1'] });
  expect(sameNames(names, subjectNames(['a', 'b', 'fd00::1', '10.0.0.1', '10.0.0.2']))).toBe(true);
  expect(sameNames(names, subjectNames(['a', 'b', 'fd00::1', '10.0.0.1']))).toBe(false);
  expect(sameNames(subjectNames(['a']), subjectNames(['b']))).toBe(false);
});

test.each([
  '',
  '.',
  'a..b',
  '-a.example',
  'a-.example',
  'a b',
  'a/b',
  'a%41',
  'a\nb',
  'a,b',
  'DNS:a',
  '*.example.org',
  'user@host',
  'host:2376',
  '[fd00::1]',
  'fe80::1%eth0',
  '1.2.3',
  '1.2.3.4.5',
  '10.0.0.256',
  '010.0.0.1',
  '0x7f.1',
  '127.1',
  '2130706433',
  'fd00::1::2',
  'n'.repeat(64),
  'n.'.repeat(128),
  'a\u0000b',
])('%j is refused', (name) => {
  expect(() => subjectNames([name])).toThrow(ActionError);
});
