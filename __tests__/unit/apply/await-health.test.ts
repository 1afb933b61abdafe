import { describe, expect, test } from '@jest/globals';
import { awaitHealth } from '../../../src/apply/await-health.ts';
import type { EngineOutcome } from '../../../src/apply/outcome.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { nodeSpec, NOW } from '../../support/fakes.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
const rows = [listed({ id: '1' }), listed({ id: '2', name: 'node2', addr: 'https://10.0.0.12:2376' })];
/** The list before anything was changed: both engines, with other ids. */
const known = rows.map((row) => ({ ...row, id: `old ${row.id}` }));
const changed = (spec: typeof node1): EngineOutcome => ({
  spec,
  result: { kind: 'changed', reasons: ['unregistered'] },
});

test('what is up already is not waited for', async () => {
  const { result, seconds } = await wait([changed(node1), changed(node2)], new FakeShipyard(rows));
  expect(result).toEqual({ outcomes: [changed(node1), changed(node2)], engines: rows });
  expect(seconds).toBe(0);
});

test('what comes up in time is well, and the last list is handed on', async () => {
  let reads = 0;
  const shown = (row: Engine): Engine => ({ ...row, health: (reads += 1) > 20 ? 'up' : 'pending' });
  const { result, seconds, log } = await wait([changed(node1)], new FakeShipyard(rows, { shown }));
  expect(result.outcomes).toEqual([changed(node1)]);
  expect(result.engines[0]?.health).toBe('up');
  expect(seconds).toBe(5);
  expect(log).toEqual(['info waiting for Shipyard to see node1 up']);
});

describe('after 30 s, incomplete is what', () => {
  test.each([
    ['stays pending', { health: 'pending' }, 'it is pending'],
    ['is down', { health: 'down' }, 'it is down'],
    ['has no Docker version', { dockerVersion: undefined }, 'it is up, but without a Docker version'],
    ['is listed at another address', { addr: 'https://10.9.9.9:2376' }, 'it is not listed'],
  ] as const)('%s', async (_, fields, seen) => {
    const shown = (row: Engine): Engine => (row.name === 'node1' ? { ...row, ...fields } : row);
    const { result, seconds } = await wait(
      [changed(node1), changed(node2)],
      new FakeShipyard(rows, { shown }),
    );
    expect(result.outcomes).toMatchObject([
      {
        spec: { name: 'node1' },
        result: {
          kind: 'incomplete',
          reasons: ['unregistered'],
          error: { message: expect.stringContaining(`after 30 s ${seen}`) },
        },
      },
      { spec: { name: 'node2' }, result: { kind: 'changed' } },
    ]);
    expect(seconds).toBeGreaterThan(29);
    expect(seconds).toBeLessThan(32);
  });
});

test('of an engine that does not speak the API nobody awaits a Docker version', async () => {
  const shown = (row: Engine): Engine => ({ ...row, dockerVersion: undefined });
  const { result, seconds } = await wait([changed(node1)], new FakeShipyard(rows, { shown }), () => false);
  expect(result.outcomes).toEqual([changed(node1)]);
  expect(seconds).toBe(0);
});

test('what was not changed is not waited for', async () => {
  const down = new FakeShipyard(rows, { shown: (row) => ({ ...row, health: 'down' }) });
  const unchanged: EngineOutcome = { spec: node1, result: { kind: 'unchanged' } };
  const { result, seconds } = await wait([unchanged], down);
  expect(result.outcomes).toEqual([unchanged]);
  expect(seconds).toBe(0);
});

describe('what was not changed, on a node that was:', () => {
  const unchanged: EngineOutcome = { spec: node1, result: { kind: 'unchanged' } };

  test('Shipyard may have looked while Docker restarted, so it is waited for', async () => {
    let reads = 0;
    const shown = (row: Engine): Engine => ({ ...row, health: (reads += 1) > 20 ? 'up' : 'down' });
    const { result, seconds } = await wait([unchanged], new FakeShipyard(rows, { shown }), undefined, [
      node1,
    ]);
    expect(result.engines[0]?.health).toBe('up');
    expect(result.outcomes).toEqual([unchanged]);
    expect(seconds).toBe(5);
  });

  test('and for 30 s at most, after which it is no failure either', async () => {
    const down = new FakeShipyard(rows, { shown: (row) => ({ ...row, health: 'down' }) });
    const { result, seconds } = await wait([unchanged], down, undefined, [node1]);
    expect(result.outcomes).toEqual([unchanged]);
    expect(seconds).toBeGreaterThan(29);
  });
});

describe('a list that cannot be read', () => {
  const unchanged: EngineOutcome = { spec: node2, result: { kind: 'unchanged' } };

  test('is asked for again', async () => {
    const shipyard = new FakeShipyard(rows);
    failing(shipyard, 3);
    const { result, seconds, log } = await wait([changed(node1), unchanged], shipyard);
    expect(result).toEqual({ outcomes: [changed(node1), unchanged], engines: rows });
    expect(seconds).toBe(1.5);
    expect(log).toEqual(['info waiting for Shipyard to see node1 up']);
  });

  test('for 30 s at most: then it is what is waited for that is incomplete, and nothing else', async () => {
    const shipyard = new FakeShipyard(rows);
    failing(shipyard, Infinity);
    const { result, seconds, log } = await wait([changed(node1), unchanged], shipyard);
    expect(result).toMatchObject({
      outcomes: [
        {
          result: {
            kind: 'incomplete',
            error: {
              message: expect.stringContaining('after 30 s the list cannot be read: read ECONNRESET'),
            },
          },
        },
        unchanged,
      ],
      engines: known,
    });
    expect(seconds).toBeLessThan(32);
    expect(log.at(-1)).toBe("warning Shipyard's list of engines could not be read: read ECONNRESET");
  });

  test('costs nothing that was not waited for', async () => {
    const shipyard = new FakeShipyard(rows);
    failing(shipyard, Infinity);
    const { result, log } = await wait([unchanged], shipyard);
    expect(result).toEqual({ outcomes: [unchanged], engines: known });
    expect(log[0]).toBe('info waiting for Shipyard to answer');
  });

  function failing(shipyard: FakeShipyard, times: number): void {
    let reads = 0;
    shipyard.engines = () =>
      (reads += 1) > times ? Promise.resolve(rows) : Promise.reject(new Error('read ECONNRESET'));
  }
});

async function wait(
  outcomes: readonly EngineOutcome[],
  shipyard: FakeShipyard,
  speaks = () => true,
  restarted: readonly (typeof node1)[] = [],
) {
  const clock = new FakeClock(NOW);
  const workflow = new FakeWorkflow();
  const result = await awaitHealth(shipyard, outcomes, known, { clock, workflow, speaks, restarted });
  return { result, seconds: (clock.now().getTime() - NOW.getTime()) / 1000, log: workflow.log };
}
