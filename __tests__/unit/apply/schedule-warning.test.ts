import { expect, test } from '@jest/globals';
import { scheduleWarning } from '../../../src/apply/schedule-warning.ts';

const scheduled = { event: 'schedule', isPublic: true };

test('the default window is long enough', () => {
  expect(scheduleWarning(scheduled, { certDays: 180, renewBefore: { percent: 40 } })).toBeUndefined();
});

test.each([
  [{ certDays: 180, renewBefore: { days: 59 } }, 59],
  [{ certDays: 90, renewBefore: { percent: 40 } }, 36],
  [{ certDays: 149, renewBefore: { percent: 40 } }, 59],
] as const)('a schedule that GitHub stops may leave %j with too little time', (policy, days) => {
  expect(scheduleWarning(scheduled, policy)).toContain(`renew-before leaves ${days} days`);
});

test.each([
  { event: 'workflow_dispatch', isPublic: true },
  { event: 'schedule', isPublic: false },
])('nothing is said of %j: no schedule stops there', (run) => {
  expect(scheduleWarning(run, { certDays: 30, renewBefore: { days: 10 } })).toBeUndefined();
});
