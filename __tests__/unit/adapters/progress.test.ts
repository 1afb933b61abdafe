import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { withProgress } from '../../../src/adapters/progress.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';

test('a phase that says nothing gets a line again and again, and none when it is over', async () => {
  const inner = new FakeWorkflow();
  const workflow = withProgress(bound(inner), 200);
  await workflow.group('Reading nodes', async () => {
    workflow.info('read', 'node1');
    await setTimeout(1000);
  });
  const waiting = inner.log.filter((line) => line.includes('still waiting'));
  expect(waiting.length).toBeGreaterThanOrEqual(2);
  expect(waiting[0]).toBe('info Reading nodes: still waiting after 0 s; last heard of: node1');
  await setTimeout(300);
  expect(inner.log.filter((line) => line.includes('still waiting'))).toHaveLength(waiting.length);
});

test('a phase that fails ends its lines too', async () => {
  const inner = new FakeWorkflow();
  const workflow = withProgress(bound(inner), 50);
  await expect(workflow.group('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await setTimeout(200);
  expect(inner.log).toEqual([]);
});

/** As plain functions, like those of the real one. */
function bound(inner: FakeWorkflow) {
  return {
    info: inner.info.bind(inner),
    warning: inner.warning.bind(inner),
    error: inner.error.bind(inner),
    group: inner.group.bind(inner),
    mask: inner.mask.bind(inner),
    output: inner.output.bind(inner),
    state: inner.state.bind(inner),
    summary: inner.summary.bind(inner),
  };
}
