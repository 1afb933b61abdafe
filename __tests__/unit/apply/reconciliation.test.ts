import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistrationOutcome } from '../../../src/apply/outcome.ts';
import type { ShipyardMode } from '../../../src/inputs/request.ts';
import { HASTE, ReconciliationStage, type Row, type RunOptions } from '../../support/reconciliation-stage.ts';

// Each waits for health checks and for rows that come back; on a busy machine that takes its time.
jest.setTimeout(120_000);

/** Each fault is made, and then one run brings the list to what was asked; in both modes, against the stand-in. */
describe.each<ShipyardMode>(['cli', 'api'])('after a fault, shipyard-mode: %s', (mode) => {
  let stage: ReconciliationStage;
  const run = (options?: RunOptions) => stage.run(mode, options);
  beforeAll(async () => {
    stage = await ReconciliationStage.start();
  });
  beforeEach(() => stage.clear());
  afterAll(() => stage.stop());

  test('nothing was there: one row, and the second run writes nothing', async () => {
    await expectGood(await run());
    await stage.requests();
    expect(await run()).toMatchObject({ outcomes: [{ result: { kind: 'unchanged' } }], writes: 0 });
    // The one POST is the login.
    expect((await stage.requests()).filter((method) => method !== 'GET')).toEqual(['POST']);
  });

  test('the controller is killed between add and remove', async () => {
    await run();
    const broken = await run({
      forced: true,
      around: (driver) => ({
        check: () => driver.check(),
        add: (engine) => driver.add(engine),
        remove: async () => {
          await stage.controller().stop();
          throw new Error('read ECONNRESET');
        },
      }),
    });
    expect(broken).toMatchObject({ outcomes: [{ result: { kind: 'incomplete' } }] });
    await stage.restart();
    expect(await stage.ours()).toHaveLength(2);
    await expectGood(await run());
  });

  test('the connection is closed after the insert', async () => {
    await stage.faults({ 'close-after-insert': 1 });
    await expectGood(await run());
    expect(stage.workflow.log.join()).toContain('the call failed, but the list shows the engine');
  });

  test('the database is lost: nothing is changed, and both causes are named', async () => {
    await stage.faults({ 'database-lost': true });
    expect(await run()).toMatchObject({
      kind: 'failed',
      error: { hint: expect.stringContaining('lost its database') },
    });
    await stage.faults({});
    await expectGood(await run());
  });

  test('everything is slow', async () => {
    await stage.faults({ 'delay-ms': 500 });
    await expectGood(await run());
  });

  test('everything is slower than anybody waits, in the middle of a change', async () => {
    await run();
    const broken = await run({
      forced: true,
      around: (driver) => ({
        check: () => driver.check(),
        remove: (id) => driver.remove(id),
        add: async (engine) => {
          // Half a second for what reads and one for what writes, which is stored before anybody is kept waiting.
          await stage.faults({ 'delay-ms': 2000 });
          stage.impatience = 60;
          await driver.add(engine);
        },
      }),
    });
    expect(broken).toMatchObject({ outcomes: [{ result: { kind: 'incomplete' } }] });
    expect(stage.workflow.log.join()).toMatch(/no answer within 0\.5 s/);
    await stage.faults({});
    stage.impatience = 1;
    expect(await stage.ours()).toHaveLength(2);
    await expectGood(await run());
  });

  test('a removed row comes back', async () => {
    await run();
    await stage.faults({ 'return-removed': 2 });
    await expectGood(await run({ forced: true }));
  });

  test('a removed row comes back with the next change, which is of this run', async () => {
    const row = await registered();
    await stage.call('POST', '/api/engines', row);
    await stage.faults({ 'return-at-reload': 1 });
    await expectGood(await run({ forced: true }));
    expect(stage.workflow.log.join()).not.toContain('error');
  });

  test('a removed row comes back with a later change, and the next run removes it', async () => {
    await run();
    await stage.faults({ 'return-at-reload': 1 });
    await expectGood(await run({ forced: true }));
    await stage.call('POST', '/api/servicekeys', { description: 'reload' });
    expect(await stage.ours()).toHaveLength(2);
    await expectGood(await run());
  });

  test('a removed row always comes back: within bounds, and told of', async () => {
    await run();
    await stage.faults({ 'return-removed': 100 });
    const error = { message: expect.stringContaining('was removed 5 times') };
    expect(await run({ forced: true })).toMatchObject({
      outcomes: [{ result: { kind: 'incomplete', error } }],
    });
    await stage.faults({});
    await expectGood(await run());
  });

  test('there is a duplicate, also under another name', async () => {
    const row = await registered();
    await stage.call('POST', '/api/engines', row);
    await stage.call('POST', '/api/engines', { ...row, engine: { ...row.engine, id: 'renamed' } });
    expect(await stage.ours()).toHaveLength(3);
    await expectGood(await run());
  });

  test('somebody has edited the row by hand', async () => {
    const row = await registered();
    await stage.call('DELETE', `/api/engines/${(await stage.ours())[0]?.id ?? ''}`);
    await stage.call('POST', '/api/engines', { ...row, engine: { ...row.engine, labels: ['x'], cpus: 9 } });
    await expectGood(await run());
    expect(stage.workflow.log.join()).toContain('registration-differs; other labels, cpus');
  });

  test('a silent engine holds health: the run ends all the same, and is well once it speaks', async () => {
    stage.other.mode = 'silent';
    // Whether our engine is looked at before the silent one is up to the order of the list.
    expect(await run()).toMatchObject({ kind: 'done', outcomes: [{ spec: { name: 'node1' } }] });
    stage.other.mode = 'healthy';
    await stage.restart();
    await sleep(40_000 / HASTE);
    await expectGood(await run());
  });

  test('with prune, engines of ours that nobody asks for go, and no other', async () => {
    const row = await registered();
    // The same engine by another name and address: what is added must answer.
    const addr = row.engine.addr.replace('127.0.0.1', 'localhost');
    await stage.call('POST', '/api/engines', { ...row, engine: { id: 'gone', addr } });
    await run({ prune: true, isWhole: false });
    expect(await stage.names()).toEqual(['gone', 'node1', 'theirs']);
    expect(stage.workflow.log.join()).toContain('prune was left out');
    expect(await run({ prune: true })).toMatchObject({ pruned: [{ engine: { name: 'gone' } }] });
    expect(await stage.names()).toEqual(['node1', 'theirs']);
  });

  /** What every run is to lead to: our row once, usable, and the foreign one as it was. */
  async function expectGood(outcome: RegistrationOutcome): Promise<void> {
    expect(outcome).toMatchObject({
      kind: 'done',
      outcomes: [{ result: { kind: expect.stringMatching(/^(un)?changed$/) }, use: { usable: true } }],
    });
    const theirs = (await stage.rows()).filter(({ engine }) => engine.id === 'theirs');
    expect(theirs).toMatchObject([stage.foreign]);
    const addr = `https://127.0.0.1:${stage.server.port}`;
    expect(await stage.ours()).toMatchObject([{ engine: { id: 'node1', addr, labels: ['node1'], cpus: 1 } }]);
  }

  /** The row of a run that went well, without its id. */
  async function registered(): Promise<Omit<Row, 'id'>> {
    await run();
    const [row] = await stage.ours();
    if (!row) throw new Error('the run has registered the node');
    const { ssl_cert, ssl_key, ca_cert, engine } = row;
    return { ssl_cert, ssl_key, ca_cert, engine };
  }
});
