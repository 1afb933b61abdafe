import { expect, test } from '@jest/globals';
import { hostOf, ownOption, words } from '../../../src/node/command-line.ts';

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
  ['-H', ''],
  ['--host', ''],
  ['-Htcp://:2375', 'tcp://:2375'],
  ['-H=fd://', 'fd://'],
  ['--host=fd://', 'fd://'],
  ['-H fd://', 'fd://'],
  ['--hosts', undefined],
  ['-D', undefined],
  ['x-H', undefined],
])('the listener in %j is %j', (word, expected) => {
  expect(hostOf(word)).toBe(expected);
});

test.each([
  ['--tls', '--tls'],
  ['--tlsverify=false', '--tlsverify'],
  ['--label', '--label'],
  ['--label=rack=3', '--label'],
  ['--live-restore', '--live-restore'],
  ['--config-file=/etc/other.json', '--config-file'],
  ['--labels', undefined],
  ['--log-level=x', undefined],
  ['label', undefined],
])('%j is the option %j of ours', (word, expected) => {
  expect(ownOption(word)).toBe(expected);
});
