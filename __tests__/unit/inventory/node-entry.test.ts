import { expect, test } from '@jest/globals';
import { parseInventory } from '../../../src/inventory/inventory.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO28rRcqXlyPM+JKSaRtD8mbPwtUGFqjnRwhNadq9cL/';

const cases: [string, string, string][] = [
  ['name', '-a', '"-a" cannot be the name of a node'],
  ['name', 'a b', '"a b" cannot be the name of a node'],
  ['name', 'ä', '"ä" cannot be the name of a node'],
  ['name', 'a'.repeat(64), `"${'a'.repeat(60)}…" cannot be the name of a node`],
  ['name', '"a\\n::error::b"', '"a | ::error::b" cannot be the name of a node'],
  ['host', '10.0.0.256', '"10.0.0.256" is neither a DNS name nor an IP address'],
  ['port', '22.0', 'must be a whole number from 1 to 65535, not "22.0"'],
  ['port', '0', 'must be a whole number from 1 to 65535, not "0"'],
  ['user', 'a b', '"a b" is not a Linux user name'],
  ['host-keys', 'SHA256:x', 'is a fingerprint, not a key'],
  ['host-keys', `[${ED25519}, ssh-dss AAAA]`, 'the type before the base64 is not the one inside'],
  ['jump', 'a b', 'is not of the form user@host:port'],
  ['jump', 'a, none b', 'is not of the form user@host:port'],
  ['jump', 'a, root@A:22', '"a:22" stands twice'],
  ['jump', 'a, 10.0.0.11', 'leads through the node itself'],
  ['jump', '[a, b]', 'is a list'],
  ['address', 'https://a', '"https://a" is not an IP address'],
  ['engine-port', '0x948', 'must be a whole number from 1 to 65535, not "0x948"'],
  ['listen', 'node1', '"node1" is not an IP address'],
  ['listen', '0.0.0.0', '"0.0.0.0" stands for every address, not for one'],
  ['sans', '["*.example.com"]', '"*.example.com" is neither a DNS name nor an IP address'],
  ['sans', 'a, b', '"a, b" is neither a DNS name nor an IP address'],
  ['labels', 'a, b', '"a, b" cannot be a label'],
  ['labels', '["a\\tb"]', '"a\\u{9}b" cannot be a label'],
  ['labels', '["a\\u202Eb"]', '"a\\u{202e}b" cannot be a label'],
  ['labels', '[" a"]', '" a" cannot be a label'],
  ['labels', `[${'a'.repeat(256)}]`, `"${'a'.repeat(60)}…" cannot be a label`],
  ['labels', '[a, b, a]', '"a" stands twice'],
  ['labels', '[""]', 'is empty'],
  ['labels', '[a, ~]', 'has an element that is not a text'],
  ['labels', '[a, {b: c}]', 'has an element that is not a text'],
  ['labels', '{a: b}', 'is a mapping'],
  ['cpus', '0', 'must be a number above 0, not "0"'],
  ['cpus', '1e3', 'must be a number above 0, not "1e3"'],
  ['cpus', '4,5', 'must be a number above 0, not "4,5"'],
  ['cpus', '.5', 'must be a number above 0, not ".5"'],
  ['memory', '8G', 'must be a whole number from 1 to 67108864, not "8G" (it counts in MB, as Shipyard does)'],
  [
    'memory',
    '8589934592',
    'must be a whole number from 1 to 67108864, not "8589934592" (it counts in MB, as Shipyard does)',
  ],
  ['user', '', 'has no value'],
  ['user', 'null', 'has no value'],
  ['user', '~', 'has no value'],
  ['user', '""', 'is empty'],
  ['user', '[root]', 'is a list'],
];
test.each(cases)('what a node cannot have as %s: %s', (key, value, message) => {
  const fields = { name: 'node1', host: '10.0.0.11', [key]: value };
  const lines = Object.entries(fields).map(([name, text]) => `  ${name}: ${text}\n`);
  const [problem = '', ...others] = messages(`-\n${lines.join('')}`);
  expect(others).toEqual([]);
  const [place, path, ...rest] = problem.split(': ');
  expect(place).toMatch(/^line \d, column \d+$/);
  expect(path?.replace(/ \(.*$/, '')).toBe(`nodes[0].${key}`);
  expect(rest.join(': ')).toBe(message);
});

function messages(text: string): string[] {
  return parseInventory(text).problems.map(({ message }) => message);
}
