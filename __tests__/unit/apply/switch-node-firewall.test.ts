import { beforeAll, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors.ts';
import type { NodePlan } from '../../../src/plan/node-plan.ts';
import { factsText } from '../../support/facts-text.ts';
import { nodeFacts } from '../../support/fakes.ts';
import { issueTwo, switched, type Issued } from './switched.ts';

const filter = { filter: '# rules', reasons: ['firewall-drift'] } as const;
const facts = { facts: { stdout: factsText(nodeFacts()) } };

let issued: Issued;

beforeAll(async () => {
  issued = await issueTwo();
});

test('new firewall rules are confirmed after a second login that read them', async () => {
  const { result, journal } = await switched(issued, [{}, facts], { change: filter });
  expect(result).toMatchObject({ kind: 'changed', reasons: ['firewall-drift'] });
  expect(journal).toEqual(['first switch', 'second ended', 'second facts', 'first confirm']);
});

test('a change without new rules needs no second login', async () => {
  const { journal } = await switched(issued, [{}]);
  expect(journal).toEqual(['first switch', 'first confirm']);
});

test('rules that keep a second login out are undone over the first', async () => {
  const { result, journal } = await switched(issued, [{}], { change: filter });
  expect(result).toMatchObject({
    kind: 'rolled-back',
    error: {
      message: expect.stringMatching(
        /^a second login over SSH failed with the new firewall rules: .*no route to host/,
      ),
    },
  });
  expect(journal).toEqual(['first switch', 'first undo']);
});

test.each<[string, (issued: Issued) => NodePlan, string]>([
  [
    'are not in force as asked',
    ({ authority }) => ({
      ...{ kind: 'change', reasons: ['firewall-drift'], restart: false, filter: '# rules', files: {} },
      certificate: { kind: 'keep', authority, set: 'ab', serial: 'ab' },
      ...{ survival: { kind: 'not-needed' }, notes: [], validateOptions: undefined },
    }),
    'the firewall rules were loaded, but are not in force as asked',
  ],
  [
    'meet a node that has become another',
    () => ({ kind: 'refuse', error: new ActionError({ message: 'ufw is active', hint: '' }) }),
    'ufw is active',
  ],
])('rules that %s are undone', async (_, plan, message) => {
  const asked = { change: filter, plan: plan(issued) };
  const { result, journal } = await switched(issued, [{}, facts], asked);
  expect(result).toMatchObject({ kind: 'rolled-back', error: { message } });
  expect(journal).toEqual(['first switch', 'second ended', 'second facts', 'first undo']);
});
