import { expect, test } from '@jest/globals';
import { lockNode } from '../../../src/apply/node-lock.ts';
import { lockScript } from '../../../src/node/lock-script.ts';
import { FakeHost } from '../../support/fake-host.ts';

const HOLDER = 'https://github.example/runs/7 ab12';
const answering = (firstLine: string) => new FakeHost(undefined, undefined, firstLine);

test('the lock is held until it is released', async () => {
  const host = answering('locked');
  const lock = await lockNode(host, HOLDER);
  expect(host.held).toEqual([lockScript(HOLDER)]);
  expect(host.releases).toBe(0);
  lock.release();
  expect(host.releases).toBe(1);
});

test.each([
  [`held ${HOLDER}`, `another run is changing the node: ${HOLDER}`],
  [`held ${HOLDER}3`, `another run is changing the node: ${HOLDER}3`],
  ['held \u001b[31m', 'another run is changing the node: \\u{1b}[31m'],
  ['held ', 'another run is changing the node: it does not say which'],
])('who holds it is said: %j', async (firstLine, message) => {
  const host = answering(firstLine);
  await expect(lockNode(host, HOLDER)).rejects.toMatchObject({
    name: 'ActionError',
    message,
    hint: expect.stringContaining('`concurrency` group'),
  });
  expect(host.releases).toBe(1);
});

test.each([
  ['', "the node's lock could not be taken: no answer"],
  ['flock is not installed', "the node's lock could not be taken: flock is not installed"],
  ['flock ended with 71', "the node's lock could not be taken: flock ended with 71"],
])('a node that cannot lock is told: %j', async (firstLine, message) => {
  const host = answering(firstLine);
  await expect(lockNode(host, HOLDER)).rejects.toMatchObject({
    name: 'ActionError',
    message,
    hint: expect.stringContaining('util-linux'),
  });
  expect(host.releases).toBe(1);
});
