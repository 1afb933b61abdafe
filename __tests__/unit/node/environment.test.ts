import { expect, test } from '@jest/globals';
import { expanded, variables, variablesIn } from '../../../src/node/environment.ts';

const PATH = '/lib/systemd/system/docker.service';
const FILE = '/etc/default/docker';

const found = (unit: string, file?: string) =>
  variables(
    [{ path: PATH, text: unit }],
    file === undefined ? [] : [{ named: FILE, path: FILE, text: file }],
  ).map(({ path, name, value }) => [path, name, value]);

test('Environment= sets several, quoted or not', () => {
  expect(found('Environment="A=-x -y" B=1\nEnvironment=\'C=a=b\'')).toEqual([
    [PATH, 'A', '-x -y'],
    [PATH, 'B', '1'],
    [PATH, 'C', 'a=b'],
  ]);
});

test('an empty Environment= forgets those before', () => {
  expect(found('Environment=A=1\nEnvironment=\nEnvironment=B=2')).toEqual([[PATH, 'B', '2']]);
});

test.each([
  [
    'A=1\nB="2 3"\n',
    [
      ['A', '1'],
      ['B', '2 3'],
    ],
  ],
  ["A='-H x'", [['A', '-H x']]],
  ['A=-x -y  \n', [['A', '-x -y']]],
  [' export A="1"', [['A', '1']]],
  ['#A=1\n; B=2\n', []],
  ['A="-x \\\n-y"', [['A', '-x -y']]],
  [
    'A="1\n2"\nB=3',
    [
      ['A', '1\n2'],
      ['B', '3'],
    ],
  ],
  [
    'A=1\nA=2',
    [
      ['A', '1'],
      ['A', '2'],
    ],
  ],
  ['A=', [['A', '']]],
])('of an environment file %j is read as %j', (text, expected) => {
  expect(found(`EnvironmentFile=-${FILE}`, text)).toEqual(expected.map((one) => [FILE, ...one]));
});

test('a file that the unit does not name, or that was not read, sets nothing', () => {
  expect(found('', 'A=1')).toEqual([]);
  expect(found('EnvironmentFile=/run/flannel/docker', 'A=1')).toEqual([]);
  expect(found(`EnvironmentFile=${FILE}`)).toEqual([]);
});

test('a pattern stands for all files that it found, and the last of all wins', () => {
  const read = ['a', 'b'].map((name) => ({
    named: '/etc/docker.d/*',
    path: `/etc/docker.d/${name}`,
    text: `A=${name}`,
  }));
  const unit = `EnvironmentFile=-/etc/docker.d/*\nEnvironmentFile=${FILE}`;
  const all = variables([{ path: PATH, text: unit }], [{ named: FILE, path: FILE, text: 'A=c' }, ...read]);
  expect(all.map(({ path, value }) => [path, value])).toEqual([
    ['/etc/docker.d/a', 'a'],
    ['/etc/docker.d/b', 'b'],
    [FILE, 'c'],
  ]);
});

test.each([
  ['$A', ['A']],
  ['${A}', ['A']],
  ['--x=${A},${B}', ['A', 'B']],
  ['$$A', []],
  ['a', []],
])('%j has the variables %j', (word, expected) => {
  expect(variablesIn(word)).toEqual(expected);
});

test.each([
  ['--debug', ['--debug']],
  ['$MANY', ['--dns', '8.8.8.8']],
  ['${MANY}', ['--dns 8.8.8.8']],
  ['--x=${ONE}', ['--x=2']],
  ['$EMPTY', []],
  ['$UNKNOWN', []],
  ['--x=${UNKNOWN}', []],
  ['a$$b', ['a$b']],
])('systemd makes of %j the words %j', (word, expected) => {
  const known = Object.entries({ MANY: '--dns 8.8.8.8', ONE: '1', EMPTY: '' }).map(([name, value]) => ({
    path: FILE,
    name,
    value,
  }));
  expect(expanded(word, [...known, { path: FILE, name: 'ONE', value: '2' }])).toEqual(expected);
});
