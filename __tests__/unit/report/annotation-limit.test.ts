import { expect, test } from '@jest/globals';
import { AnnotationLimit } from '../../../src/report/annotation-limit.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';

test('the first nine of each kind are annotations, and a last one sums up the rest', () => {
  const inner = new FakeWorkflow();
  const workflow = new AnnotationLimit(inner);
  for (let number = 1; number <= 12; number += 1) workflow.error('down', `node${number}`);
  workflow.error('Shipyard is down');
  workflow.warning('old', 'node1');
  workflow.sumUp();
  expect(inner.log.slice(0, 9)).toEqual(
    Array.from({ length: 9 }, (_, index) => `error [node${index + 1}] down`),
  );
  expect(inner.log.slice(9)).toEqual([
    'info [node10] error: down',
    'info [node11] error: down',
    'info [node12] error: down',
    'info error: Shipyard is down',
    'warning [node1] old',
    'error 4 more error(s), of node10, node11, node12: they are in the log of this step and in its summary',
  ]);
});

test('nine are told, and nothing is summed up', () => {
  const inner = new FakeWorkflow();
  const workflow = new AnnotationLimit(inner);
  for (let number = 1; number <= 9; number += 1) workflow.warning('old', `node${number}`);
  workflow.sumUp();
  expect(inner.log).toHaveLength(9);
});

test('of many nodes fifty are named', () => {
  const inner = new FakeWorkflow();
  const workflow = new AnnotationLimit(inner);
  for (let number = 1; number <= 300; number += 1) workflow.error('down', `node${number}`);
  workflow.sumUp();
  expect(inner.log.filter((line) => line.startsWith('error'))).toHaveLength(10);
  expect(inner.log.at(-1)).toMatch(
    /^error 291 more error\(s\), of node10, .*, node59 and 241 more: they are/,
  );
});
