import { expect, test } from '@jest/globals';
import { hasDaemonConfig, isAtLeast } from '../../../src/node/engine-version.ts';

test.each([
  ['1.9.1', false],
  ['1.7.1', false],
  ['1.10.0', true],
  ['1.10.3-rc1', true],
  ['1.13.1', true],
  ['17.03.0-ce', true],
  ['20.10.24+dfsg1', true],
  ['no version', false],
  ['', false],
])('that Docker %s has a daemon.json is %j', (version, expected) => {
  expect(hasDaemonConfig(version)).toBe(expected);
});

test.each([
  ['23.0.0', true],
  ['22.9.9', false],
  ['24.0.0', true],
])('that %s is 23.0 or newer is %j', (version, expected) => {
  expect(isAtLeast(version, 23, 0)).toBe(expected);
});
