import { expect, test } from '@jest/globals';
import { mergeNodes, mergeRegistrations } from '../../../src/apply/merge-outcomes.ts';
import type { EngineOutcome, NodeResult, RegistrationOutcome } from '../../../src/apply/outcome.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { newAuthority, nodeSpec } from '../../support/fakes.ts';

const spec = nodeSpec();
const other = nodeSpec({ name: 'node2' });
const { certificate } = (await newAuthority()).generations[0];
const error = new Error('it did not go on');
const first: NodeResult = {
  kind: 'changed',
  reasons: ['trust-changed'],
  certificate,
  lostContainers: ['web'],
};

test.each<readonly [NodeResult, NodeResult]>([
  [
    { kind: 'changed', reasons: ['rotation', 'trust-changed'], certificate, lostContainers: ['db'] },
    { kind: 'changed', reasons: ['trust-changed', 'rotation'], certificate, lostContainers: ['web', 'db'] },
  ],
  [{ kind: 'unchanged', certificate }, first],
  [
    { kind: 'rolled-back', reasons: ['rotation'], error, lostContainers: ['db'] },
    { kind: 'rolled-back', reasons: ['trust-changed', 'rotation'], error, lostContainers: ['web', 'db'] },
  ],
  // It did change, and what it came to is still in use.
  [
    { kind: 'failed', error },
    { kind: 'rolled-back', reasons: ['trust-changed'], error, lostContainers: ['web'] },
  ],
])('a node that was changed, and then %j', (second, expected) => {
  expect(mergeNodes([{ spec, result: first }], [{ spec, result: second }])).toEqual([
    { spec, result: expected },
  ]);
});

test('a node that was unchanged first is what it was last; one without a second pass is what it was first', () => {
  const last: NodeResult = { kind: 'failed', error };
  const before: NodeResult = { kind: 'unchanged', certificate };
  expect(
    mergeNodes(
      [
        { spec, result: before },
        { spec: other, result: first },
      ],
      [{ spec, result: last }],
    ),
  ).toEqual([
    { spec, result: last },
    { spec: other, result: first },
  ]);
});

const done = (...outcomes: readonly EngineOutcome[]): RegistrationOutcome => ({
  kind: 'done',
  outcomes,
  engines: [listed({ id: `of ${outcomes.length}` })],
});

test('an engine that was changed twice has the reasons of both; the list is the last one', () => {
  const once = done(
    { spec, result: { kind: 'changed', reasons: ['rotation'] } },
    { spec: other, result: { kind: 'changed', reasons: ['rotation'] } },
  );
  const again = done({ spec, result: { kind: 'changed', reasons: ['registration-differs'] } });
  const merged = mergeRegistrations(Object.assign(once, { writes: 3 }), Object.assign(again, { writes: 2 }));
  expect(merged).toEqual({
    ...again,
    writes: 5,
    outcomes: [
      { spec, result: { kind: 'changed', reasons: ['rotation', 'registration-differs'] } },
      { spec: other, result: { kind: 'changed', reasons: ['rotation'] } },
    ],
  });
});

test('an engine that was changed once is changed', () => {
  const once = done({ spec, result: { kind: 'changed', reasons: ['rotation'] } });
  const again = done({ spec, result: { kind: 'unchanged' } });
  expect(mergeRegistrations(once, again)).toMatchObject({ outcomes: once.kind === 'done' && once.outcomes });
});

test('a pass that failed as a whole is told beside what the other one did', () => {
  const failed: RegistrationOutcome = { kind: 'failed', error };
  const changed = done({ spec, result: { kind: 'changed', reasons: ['rotation'] } });
  const whole = { ...changed, writes: 25 } as const;
  expect(mergeRegistrations(whole, failed)).toEqual({ ...whole, faults: [error] });
  expect(mergeRegistrations(failed, whole)).toEqual({ ...whole, faults: [error] });
  expect(mergeRegistrations(failed, failed)).toBe(failed);
});

test('what failed as a whole in both passes is told of both', () => {
  const other = new Error('another');
  const one = Object.assign(done(), { faults: [error] });
  const two = Object.assign(done(), { faults: [other] });
  expect(mergeRegistrations(one, two)).toMatchObject({ faults: [error, other] });
});

test('a pass over none is none', () => {
  const one = done();
  expect(mergeRegistrations({ kind: 'none' }, one)).toBe(one);
  expect(mergeRegistrations(one, { kind: 'none' })).toBe(one);
});
