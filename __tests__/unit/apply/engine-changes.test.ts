import { expect, test } from '@jest/globals';
import { EngineChanges } from '../../../src/apply/engine-changes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW } from '../../support/fakes.ts';

test('of the removed rows only those stay that came back, also where no later list can be read', async () => {
  const [gone, back] = ['gone', 'back'].map((id) => listed({ id }));
  if (!gone || !back) throw new Error('there are two');
  const shipyard = new FakeShipyard([gone, back]);
  const ports = { clock: new FakeClock(NOW), workflow: new FakeWorkflow() };
  const changes = new EngineChanges({ driver: shipyard, list: shipyard }, ports);
  await changes.remove([gone, back]);
  expect(await changes.settle()).toEqual(new Map());

  const silent = new Error('no answer');
  shipyard.engines = () => Promise.reject(silent);
  expect(changes.isBack([back])).toBe(true);
  expect(await changes.settle([back])).toEqual(new Map([['back', silent]]));
  expect(changes.listed).toEqual([back]);
});
