import { afterAll, describe, expect, test } from '@jest/globals';
import type { HostKeys } from '../../../src/ssh/host-key.ts';
import { knownHostsLine, parseKnownHosts } from '../../../src/ssh/known-hosts.ts';
import { seeded } from '../../support/seeded.ts';
import { SshKeygen } from '../../support/ssh-keygen.ts';

const RSA = `ssh-rsa ${Buffer.concat([
  Buffer.from('000000077373682d727361000000030100010000008100', 'hex'),
  Buffer.alloc(128, 0xc1),
]).toString('base64')}`;

/** Ten different keys and two of other types, as `type base64`. */
const KEYS = [
  ...Array.from({ length: 10 }, (_, index) => {
    const blob = Buffer.concat([
      Buffer.from('0000000b7373682d6564323535313900000020', 'hex'),
      Buffer.alloc(32, index),
    ]);
    return `ssh-ed25519 ${blob.toString('base64')}`;
  }),
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBc+oImRwAtpbzTH0uRFhkVSL4+gqjMIV66EjhDyF6UnvBr7jVzUFeg8QmfeHLEgFK9Wi/NAwy6Pt2PCQM6Wsyg=',
  RSA,
];
const [A = '', B = '', C = ''] = KEYS;

/** What is known of a host, as `type base64` each. */
function known(text: string, host: string, port = 22) {
  const { trusted, revoked } = parseKnownHosts(text).knownHosts.keysFor(host, port);
  const spell = (keys: HostKeys['trusted']) =>
    keys.map(({ type, blob }) => `${type} ${blob.toString('base64')}`);
  return { trusted: spell(trusted), revoked: spell(revoked) };
}

const trusted = (...keys: string[]) => ({ trusted: keys, revoked: [] });

describe('a line names hosts', () => {
  const cases: [string, string, string, number, boolean][] = [
    ['plainly', 'node1', 'node1', 22, true],
    ['plainly, but that is port 22 only', 'node1', 'node1', 2222, false],
    ['in any case', 'Node1', 'node1', 22, true],
    ['in a list', 'node1,10.0.0.11', '10.0.0.11', 22, true],
    ['with a port', '[node1]:2222', 'node1', 2222, true],
    ['with a port that is not 22', '[node1]:2222', 'node1', 22, false],
    ['by an IPv6 address', '2001:db8::1', '2001:db8::1', 22, true],
    ['by an IPv6 address with a port', '[2001:db8::1]:2222', '2001:db8::1', 2222, true],
    ['by a wildcard', '*.example.com', 'node1.example.com', 22, true],
    ['by a wildcard that needs a dot', '*.example.com', 'example.com', 22, false],
    ['by a wildcard for one character', 'node?', 'node1', 22, true],
    ['by a wildcard for one character only', 'node?', 'node12', 22, false],
    ['by a wildcard that covers ports too', '*', 'node1', 2222, true],
    ['but not a negated one', '*.example.com,!node1.example.com', 'node1.example.com', 22, false],
    ['and others beside a negated one', '!node1.example.com,*.example.com', 'node2.example.com', 22, true],
    ['none when all is negated', '!node2', 'node1', 22, false],
  ];
  test.each(cases)('%s: %s', (_, names, host, port, isFound) => {
    expect(known(`${names} ${A}`, host, port)).toEqual(isFound ? trusted(A) : trusted());
  });
});

test('a host has all the keys of all its lines, in their order', () => {
  expect(known(`node1 ${B}\nother ${C}\n*,!other ${A}\n`, 'node1')).toEqual(trusted(B, A));
});

test('comments, blank lines, CRLF, tabs and a comment after the key are read over', () => {
  expect(
    known(`# all\r\n\r\n  node1\t${A.replace(' ', '\t')} root@node1 x\r\n\t# ${B}\r\n`, 'node1'),
  ).toEqual(trusted(A));
});

test('a revoked key is never trusted, wherever the lines stand', () => {
  expect(known(`node1 ${A}\n@revoked * ${A}\nnode1 ${B}`, 'node1')).toEqual({ trusted: [B], revoked: [A] });
});

test('a key of a type that no server can prove here is skipped, since ssh-keyscan lists all', () => {
  const dsa = `ssh-dss ${Buffer.from('000000077373682d64737300000001700000000171', 'hex').toString('base64')}`;
  expect(parseKnownHosts(`node1 ${dsa}`).problems).toEqual([]);
  expect(known(`node1 ${dsa}\nnode1 ${A}`, 'node1')).toEqual(trusted(A));
});

test.each([
  ['node1', 'is not of the form "host type base64"'],
  [A, 'is not of the form "host type base64"'],
  ['node1 ssh-ed25519 AAA*', 'is not a public key of the form "type base64"'],
  [`node1 ${A.replace('ed25519', 'rsa')}`, 'the type before the base64 is not the one inside'],
  [`node1 ${A.slice(0, -8)}`, 'the type before the base64 is not the one inside'],
  [
    `@cert-authority *.example.com ${A}`,
    '@cert-authority is not supported: host certificates cannot be verified here',
  ],
  [`@trusted node1 ${A}`, 'the marker "@trusted" is not known'],
  [`|1|salt ${A}`, 'begins with | but is not a hashed name of the form |1|salt|hash'],
])('a broken line is named by its number: %s', (line, message) => {
  const { knownHosts, problems } = parseKnownHosts(`node1 ${B}\n${line}\nnode1 ${C}\n`);
  expect(problems).toEqual([expect.objectContaining({ line: 2, message })]);
  expect(knownHosts.keysFor('node1', 22).trusted).toHaveLength(2);
});

test('a pattern of many stars takes no time', () => {
  const start = performance.now();
  expect(known(`${'*a'.repeat(500)} ${A}`, 'a'.repeat(250))).toEqual(trusted());
  expect(performance.now() - start).toBeLessThan(1000);
});

describe('beside ssh-keygen', () => {
  const keygen = new SshKeygen();
  afterAll(() => keygen.remove());

  test('the line to paste is found again', () => {
    for (const [host, port] of [
      ['node1', 22],
      ['node1', 2222],
      ['2001:db8::1', 22],
      ['2001:db8::1', 22022],
    ] as const) {
      const [key] = parseKnownHosts(`x ${A}`).knownHosts.keysFor('x', 22).trusted;
      if (!key) throw new Error('the key is there');
      const line = `${knownHostsLine(host, port, key)}\n`;
      expect(keygen.known(line, port === 22 ? host : `[${host}]:${port}`)).toEqual(trusted(A));
    }
  });

  test('hundreds of random lines, hashed ones too, say the same of random hosts', () => {
    const random = seeded(20260101);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const hosts = ['a', 'ab', 'abc', 'b.a', 'c.b.a', '10.0.0.1', '2001:db8::1'];
    const ports = [22, 22, 2222, 22022];
    const nameOf = (host: string, port: number) => (port === 22 ? host : `[${host}]:${port}`);
    const pattern = () =>
      Array.from(nameOf(pick(hosts), pick(ports)))
        .map((character) =>
          pick([character, character, character, character, character.toUpperCase(), '?', '*']),
        )
        .join('');
    const names = () =>
      Array.from({ length: pick([1, 1, 2, 3]) }, () => pick(['', '', '', '!']) + pattern()).join(',');

    for (let round = 0; round < 30; round++) {
      const hashed = keygen.hashed(
        Array.from({ length: 5 }, () => `${nameOf(pick(hosts), pick(ports))} ${pick(KEYS)}\n`).join(''),
      );
      const blank = () => pick([' ', ' ', '\t', '  ', ' \t']);
      const plain = Array.from({ length: 20 }, () => {
        // OpenSSH reads over a marker that a tab follows where there is a blank later on; here it revokes.
        const marker = pick(['', '', '', `@revoked ${pick(['', blank()])}`]);
        const comment = pick(['', '', `${blank()}root@a b`]);
        return `${pick(['', '', blank()])}${marker}${names()}${blank()}${pick(KEYS)}${comment}${pick(['', '\r'])}`;
      });
      const text = `${plain.join('\n')}\n# a comment\n\n${hashed}`;
      for (let lookup = 0; lookup < 4; lookup++) {
        const [host, port] = [pick(hosts), pick(ports)];
        expect({ text, host, port, ...known(text, host, port) }).toEqual({
          text,
          host,
          port,
          ...keygen.known(text, nameOf(host, port)),
        });
      }
    }
  });

  test('hundreds of damaged lines say the same, or are named', () => {
    const random = seeded(20260402);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const names = ['node1', '[node1]:2222', '*', 'node?,!node2', '2001:db8::1', 'node1,10.0.0.1'];
    const lookUps = [
      ['node1', 22],
      ['node1', 2222],
      ['2001:db8::1', 22],
    ] as const;
    let [read, broken] = [0, 0];
    for (let round = 0; round < 150; round++) {
      const plain = `${pick(['', '', '@revoked '])}${pick(names)} ${pick(KEYS)} root@node1\n`;
      const whole = round % 5 > 0 || plain.startsWith('@') ? plain : keygen.hashed(plain);
      // A key that is damaged is not read by anybody; most of the rest is in the names.
      const at = Math.floor(random() * pick([20, 20, whole.length + 1]));
      const text = whole.slice(0, at) + pick(DEBRIS) + whole.slice(at + pick([0, 1, 1, 2, 40]));
      if (parseKnownHosts(text).problems.length > 0) {
        broken += 1;
        continue;
      }
      read += 1;
      const [host, port] = pick(lookUps);
      const theirs = keygen.known(text, port === 22 ? host : `[${host}]:${port}`);
      expect({ text, host, port, ...known(text, host, port) }).toEqual({ text, host, port, ...theirs });
    }
    expect({ read: read > 40, broken: broken > 40 }).toEqual({ read: true, broken: true });
  });
});

/** What gets in between when somebody edits or pastes. */
const DEBRIS = [
  '',
  '',
  'A',
  '=',
  ' ',
  '\t',
  '\n',
  '\r',
  ',',
  '!',
  '*',
  '?',
  '|',
  '@',
  '#',
  '[',
  ']',
  ':22',
  'ä',
  '"',
];
