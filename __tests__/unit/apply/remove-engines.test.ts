import { describe, expect, test } from '@jest/globals';
import { confirmRemoved, removeEngines } from '../../../src/apply/remove-engines.ts';
import { ActionError } from '../../../src/errors.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { nodeSpec, NOW } from '../../support/fakes.ts';
import { observed } from './registration.ts';

const node1 = nodeSpec();
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
const other = listed({ id: 'row-9', name: 'node9', addr: 'https://10.0.0.19:2376' });

/** Health checkers that write a row back so many times. */
class WritingBack extends FakeShipyard {
  #times: number;

  constructor(rows: readonly Engine[], times: number) {
    super(rows);
    this.#times = times;
  }

  override async remove(id: string): Promise<void> {
    const before = this.rows;
    await super.remove(id);
    this.#times -= 1;
    if (this.#times >= 0) this.rows = before;
  }
}

async function removed(shipyard: FakeShipyard, specs = [node1]) {
  const clock = new FakeClock(NOW);
  const workflow = new FakeWorkflow();
  const context = { authority: undefined, clock, workflow };
  const outcome = await confirmRemoved(await removeEngines(observed(shipyard), specs, context), context);
  return { outcome, log: workflow.log, seconds: (clock.now().getTime() - NOW.getTime()) / 1000 };
}

test('all rows of a node go, by their ids, and the list is read again after two seconds', async () => {
  const shipyard = new FakeShipyard([listed({ id: 'row-1' }), listed({ id: 'row-2' }), other]);
  const { outcome, seconds } = await removed(shipyard);
  expect(outcome).toEqual({
    kind: 'done',
    outcomes: [{ spec: node1, result: { kind: 'changed', reasons: ['removal'] } }],
    engines: [other],
    writes: 2,
  });
  expect(shipyard.calls).toEqual(['check', 'list', 'remove row-1', 'remove row-2', 'list']);
  expect(seconds).toBe(2);
});

test('a node that is not listed changes nothing, and costs nothing', async () => {
  const shipyard = new FakeShipyard([other]);
  const { outcome, seconds } = await removed(shipyard, [node1, node2]);
  expect(outcome).toMatchObject({
    outcomes: [{ result: { kind: 'unchanged' } }, { result: { kind: 'unchanged' } }],
    engines: [other],
  });
  expect([shipyard.calls, seconds]).toEqual([[], 0]);
});

test('a row that only has the name stays, and is named', async () => {
  const { log } = await removed(new FakeShipyard([listed({ id: 'row-5', addr: 'https://10.9.9.9:2376' })]));
  expect(log).toEqual([
    "warning [node1] Shipyard's engine https://10.9.9.9:2376 (id row-5) has the name of the node, but not its address, and stays; with the input ca the action could tell whether it is ours",
  ]);
});

describe('what the controller writes back', () => {
  test('is removed again', async () => {
    const { outcome, log, seconds } = await removed(new WritingBack([listed({}), other], 2));
    expect(outcome).toMatchObject({
      outcomes: [{ result: { kind: 'changed' } }],
      engines: [other],
      writes: 3,
    });
    expect(log.filter((line) => line.includes('removing what came back'))).toHaveLength(2);
    expect(seconds).toBe(6);
  });

  test('again and again is incomplete in the end', async () => {
    const { outcome, seconds } = await removed(new WritingBack([listed({}), other], 99));
    expect(outcome).toMatchObject({
      outcomes: [
        {
          result: {
            kind: 'incomplete',
            reasons: ['removal'],
            error: {
              message: 'shipyard: the engine was removed 5 times and is still listed (id row-1)',
              hint: expect.stringContaining('restart the controller'),
            },
          },
        },
      ],
    });
    expect(seconds).toBe(10);
  });
});

describe('a failure', () => {
  test('of one removal leaves the others alone', async () => {
    const row2 = listed({ id: 'row-2', name: 'node2', addr: 'https://10.0.0.12:2376' });
    const { outcome } = await removed(new FakeShipyard([listed({}), row2], { failing: ['remove row-1'] }), [
      node1,
      node2,
    ]);
    expect(outcome).toMatchObject({
      outcomes: [
        { result: { kind: 'failed', error: { message: 'remove row-1 failed' } } },
        { result: { kind: 'changed' } },
      ],
    });
  });

  test('of a call that was accepted all the same is none', async () => {
    class CutOff extends FakeShipyard {
      override async remove(id: string): Promise<void> {
        await super.remove(id);
        throw new Error('EOF');
      }
    }
    const { outcome } = await removed(new CutOff([listed({})]));
    expect(outcome).toMatchObject({ outcomes: [{ result: { kind: 'changed' } }], engines: [] });
  });

  test('of the CLI, before anything was removed, is one of Shipyard as a whole', async () => {
    const shipyard = new FakeShipyard([listed({})], { failing: ['check'] });
    const { outcome } = await removed(shipyard);
    expect(outcome).toMatchObject({ kind: 'failed', error: { message: 'check failed' } });
    expect(shipyard.calls).toEqual(['check']);
  });

  test('of the list afterwards leaves open what is listed', async () => {
    class Silent extends FakeShipyard {
      override engines(): Promise<readonly Engine[]> {
        return this.calls.some((call) => call.startsWith('remove'))
          ? Promise.reject(new Error('no answer'))
          : super.engines();
      }
    }
    const { outcome } = await removed(new Silent([listed({})]));
    expect(outcome).toMatchObject({
      outcomes: [{ result: { kind: 'incomplete', error: { message: 'no answer' } } }],
    });
  });

  test('to log in says which engines may still be listed', async () => {
    const error = new ActionError({ message: 'shipyard: the login was refused', hint: 'check it' });
    const context = { authority: undefined, clock: new FakeClock(NOW), workflow: new FakeWorkflow() };
    const first = await removeEngines({ kind: 'unreachable', error }, [node1, node2], context);
    expect(await confirmRemoved(first, context)).toMatchObject({
      kind: 'failed',
      error: {
        message: 'shipyard: the login was refused; the engines of node1, node2 may still be listed',
        hint: 'check it; then run remove again, which unregisters them',
      },
    });
  });
});

test('without a Shipyard nothing is done', async () => {
  const context = { authority: undefined, clock: new FakeClock(NOW), workflow: new FakeWorkflow() };
  expect(await confirmRemoved(await removeEngines({ kind: 'none' }, [node1], context), context)).toEqual({
    kind: 'none',
  });
});
