import { expect, test } from '@jest/globals';
import { canLiveRestore, hasLiveRestore, tellsLiveRestore } from '../../../src/node/live-restore.ts';
import { nodeFacts } from '../../support/fakes.ts';

test.each([
  ['1.9.1', false],
  ['1.11.2', false],
  ['1.12.0', true],
  ['1.13.1', true],
  ['17.03.0-ce', true],
  ['20.10.24+dfsg1', true],
  ['28.5.2', true],
  ['dev', false],
])('Docker %s has it: %p', (version, expected) => {
  expect(hasLiveRestore(version)).toBe(expected);
});

test.each([
  ['1.12.6', false],
  ['1.13.1', true],
  ['17.03.0-ce', true],
])('Docker %s tells whether it is on: %p', (version, expected) => {
  expect(tellsLiveRestore(version)).toBe(expected);
});

test.each([
  ['a Docker that has it', { dockerVersion: '28.5.2' }, true],
  ['one that is too old', { dockerVersion: '1.11.2' }, false],
  ['one that does not run', { engine: undefined }, true],
  [
    'one in swarm mode',
    { engine: { version: '28.5.2', cpus: 1, memoryBytes: 1, liveRestore: false, swarm: true } },
    false,
  ],
])('%s can be started with it: %p', (_, facts, expected) => {
  expect(canLiveRestore(nodeFacts(facts))).toBe(expected);
});
