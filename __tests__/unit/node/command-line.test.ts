import { expect, test } from '@jest/globals';
import { isSocket, optionWords, ownOption, words } from '../../../src/node/command-line.ts';

test.each([
  ['-a  --b=c\td', ['-a', '--b=c', 'd']],
  ['"-H" \'fd://\'', ['-H', 'fd://']],
  ['--log-opt "tag={{.Name}} x"', ['--log-opt', 'tag={{.Name}} x']],
  ['--label="a b"', ['--label=a b']],
  ['"say \\"hi\\"" a\\ b', ['say "hi"', 'a b']],
  ["it's", ["it's"]],
  ['', []],
])('the words of %j', (command, expected) => {
  expect(words(command).map(({ text }) => text)).toEqual(expected);
});

test('a word is kept as it was written as well', () => {
  expect(words(`"-H"  'fd://' --x="a b" c\\ d`).map(({ raw }) => raw)).toEqual([
    '"-H"',
    "'fd://'",
    '--x="a b"',
    'c\\ d',
  ]);
});

test.each([
  ['dockerd -DH tcp://:2375', ['dockerd', '-D', '-H', 'tcp://:2375']],
  ['"-DHtcp://:2375" -D', ['-D', '-Htcp://:2375', '-D']],
  ['-DvH=fd:// -H fd://', ['-Dv', '-H=fd://', '-H', 'fd://']],
  // The value of a log level, which no daemon starts with, and of a long option.
  ['-lH --x -D --DH', ['-lH', '--x', '-D', '--DH']],
])('switches before a listener are words of their own: %j', (command, expected) => {
  expect(optionWords(command).map(({ text }) => text)).toEqual(expected);
});

test.each([
  ['-H', '--host', undefined],
  ['--host', '--host', undefined],
  ['-Htcp://:2375', '--host', 'tcp://:2375'],
  ['-H=fd://', '--host', 'fd://'],
  ['--host=fd://', '--host', 'fd://'],
  ['-H fd://', '--host', ' fd://'],
  ['--tls', '--tls', 'true'],
  ['--tlsverify=false', '--tlsverify', 'false'],
  ['--label', '--label', undefined],
  ['--label=rack=3', '--label', 'rack=3'],
  ['--live-restore', '--live-restore', 'true'],
  ['--config-file=/etc/other.json', '--config-file', '/etc/other.json'],
])('%j is the option %j of ours with %j in the same word', (word, name, value) => {
  expect(ownOption(word)).toEqual({ name, value });
});

test.each(['--hosts', '-D', 'x-H', '--labels', '--log-level=x', 'label'])(
  '%j is no option of ours',
  (word) => {
    expect(ownOption(word)).toBeUndefined();
  },
);

test.each([
  ['fd://', true],
  ['unix:///var/run/docker.sock', true],
  ['tcp://127.0.0.1:2375', false],
  [':2375', false],
  ['10.0.0.11:2376', false],
])('that %j is a socket of the machine is %j', (host, expected) => {
  expect(isSocket(host)).toBe(expected);
});
