import { expect, test } from '@jest/globals';
import { flagsFirst, parseFlags, type Flag } from '../../../images/shipyard-cli/flags.ts';

const flags: readonly Flag[] = [
  { kind: 'text', names: ['addr', 'a'], usage: '', fallback: 'default' },
  { kind: 'texts', names: ['label'], usage: '' },
  { kind: 'switch', names: ['dry'], usage: '' },
];

const read = (...args: string[]): unknown => {
  const parsed = parseFlags(flags, flagsFirst(args));
  return parsed && [parsed.text('addr'), parsed.texts('label'), parsed.isOn('dry'), parsed.rest];
};

test.each([
  [[], ['default', [], false, []]],
  [
    ['-a', '-x'],
    ['-x', [], false, []],
  ],
  [
    ['--addr=', '--dry'],
    ['', [], true, []],
  ],
  [
    ['--addr', 'x', '--addr', 'y=z'],
    ['y=z', [], false, []],
  ],
  [
    ['--label', 'a,b', '-label=', '--label', 'a,b'],
    ['default', ['a,b', '', 'a,b'], false, []],
  ],
  [
    ['--dry=false', 'one', 'two'],
    ['default', [], false, ['one', 'two']],
  ],
  [
    ['stray', '--addr', 'x'],
    ['x', [], false, ['stray']],
  ],
  // A word between flags ends them: the original registers the engine under the default address.
  [
    ['--label', 'l', 'stray', '--addr', 'x'],
    ['default', ['l'], false, ['stray', '--addr', 'x']],
  ],
  [
    ['--addr', 'x', '--', '--dry'],
    ['x', [], false, ['--dry']],
  ],
  [['-'], ['default', [], false, ['-']]],
])('%j', (args, expected) => {
  expect(read(...args)).toEqual(expected);
});

test.each([['--bogus'], ['--addr'], ['---addr', 'x'], ['--=x'], ['--dry=maybe'], ['-ax']])(
  '%j is incorrect usage',
  (...args) => {
    expect(read(...args)).toBeUndefined();
  },
);
