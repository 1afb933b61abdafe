import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyEngines } from '../../../src/apply/apply-engines.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { factsText } from '../../support/facts-text.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { clientFor, newAuthority, nodeFacts, nodeSpec, reachedNode } from '../../support/fakes.ts';
import { ENGINE, observed, registered, registrationContext } from './registration.ts';

const node1 = nodeSpec({ name: 'node1' });
let authority: Authority;
let good: Engine;

beforeAll(async () => {
  authority = await newAuthority();
  const { certificate } = await clientFor('node1', authority);
  good = listed({ client: certificate, trusted: trustedCertificates(authority) });
});

describe('an engine whose size is not known is not registered:', () => {
  test.each([
    ['the daemon does not answer', nodeSpec(), undefined],
    ['it does not tell its CPUs', nodeSpec(), { ...ENGINE, cpus: 0 }],
    ['it does not tell its memory', nodeSpec({ cpus: 2 }), { ...ENGINE, memoryBytes: 0 }],
  ])('%s', async (_, spec, engine) => {
    const shipyard = new FakeShipyard();
    const host = new FakeHost(() => ({ stdout: factsText(nodeFacts({ engine })) }));
    const node = reachedNode(spec, { engine: undefined }, host);
    expect(await applyEngines(observed(shipyard), [node], registrationContext(authority))).toMatchObject({
      outcomes: [
        {
          result: {
            kind: 'failed',
            error: { name: 'ActionError', hint: expect.stringContaining('give the node cpus and memory') },
          },
        },
      ],
    });
    expect(shipyard.added).toEqual([]);
  });
});

test('an engine that is listed was added, whatever became of the call', async () => {
  const shipyard = new FakeShipyard([{ ...good, id: 'old', keyMatches: false }]);
  const add = shipyard.add.bind(shipyard);
  shipyard.add = async (engine) => {
    await add(engine);
    throw new Error('no answer within 60 s');
  };
  expect(await registered(authority, shipyard, node1)).toMatchObject({
    outcomes: [{ result: { kind: 'changed' } }],
    engines: [{ id: 'new-node1' }],
  });
});

test('a list that gets no answer after an engine was added is read again', async () => {
  const shipyard = new FakeShipyard();
  let reads = 0;
  const list = {
    engines: () => ((reads += 1) === 1 ? Promise.reject(new Error('no answer')) : shipyard.engines()),
  };
  expect(
    await applyEngines({ ...observed(shipyard), list }, [reachedNode(node1)], registrationContext(authority)),
  ).toMatchObject({ outcomes: [{ result: { kind: 'changed' } }] });
});

describe('a removed row that is back only after the list was read without it', () => {
  /** It comes back with the second list after each removal, so many times. */
  class ReturningLate extends FakeShipyard {
    #hidden: { readonly row: Engine; readonly at: number } | undefined;
    #reads = 0;
    #times: number;

    constructor(times: number) {
      super([{ ...good, id: 'old', keyMatches: false }]);
      this.#times = times;
    }

    override engines(): Promise<readonly Engine[]> {
      this.#reads += 1;
      if (this.#hidden && this.#reads >= this.#hidden.at) {
        this.rows = [...this.rows, this.#hidden.row];
        this.#hidden = undefined;
      }
      return super.engines();
    }

    override async remove(id: string): Promise<void> {
      const row = this.rows.find((one) => one.id === id);
      await super.remove(id);
      this.#times -= 1;
      if (row && this.#times >= 0) this.#hidden = { row, at: this.#reads + 2 };
    }
  }

  test('is removed again', async () => {
    const shipyard = new ReturningLate(1);
    expect(await registered(authority, shipyard, node1)).toMatchObject({
      outcomes: [{ result: { kind: 'changed' } }],
      ...{ engines: [{ id: 'new-node1' }], writes: 3 },
    });
    expect(shipyard.rows).toMatchObject([{ id: 'new-node1' }]);
  });

  test('is told of where it stays', async () => {
    const shipyard = new ReturningLate(1);
    const remove = shipyard.remove.bind(shipyard);
    let removals = 0;
    shipyard.remove = (id) =>
      (removals += 1) === 1 ? remove(id) : Promise.reject(new Error('it cannot be removed'));
    expect(await registered(authority, shipyard, node1)).toMatchObject({
      outcomes: [{ result: { kind: 'incomplete', error: { message: 'it cannot be removed' } } }],
    });
  });
});

describe('what was changed in part is incomplete:', () => {
  const incomplete = (message: string) => ({
    outcomes: [{ result: { kind: 'incomplete', error: { message: expect.stringContaining(message) } } }],
  });

  test('added, but the old row cannot be removed', async () => {
    const old = { ...good, id: 'old', keyMatches: false };
    const shipyard = new FakeShipyard([old], { failing: ['remove old'] });
    expect(await registered(authority, shipyard, node1)).toMatchObject(incomplete('remove old failed'));
  });

  test('added perhaps: the call failed, and the list cannot be read', async () => {
    const shipyard = new FakeShipyard([], { failing: ['add node1', 'list'] });
    expect(await registered(authority, shipyard, node1)).toMatchObject(incomplete('add node1 failed'));
    expect(shipyard.calls.filter((call) => call === 'list').length).toBeGreaterThanOrEqual(5);
  });

  test('added, but it does not come up', async () => {
    const shipyard = new FakeShipyard([], { shown: (row) => ({ ...row, health: 'pending' }) });
    expect(await registered(authority, shipyard, node1)).toMatchObject(incomplete('it is pending'));
  });

  test('one of two duplicates removed; it is tried five times', async () => {
    const twins = ['twin1', 'twin2'].map((id) => ({ ...good, id }));
    const shipyard = new FakeShipyard([good, ...twins], { failing: ['remove twin2'] });
    expect(await registered(authority, shipyard, node1)).toMatchObject(incomplete('remove twin2 failed'));
    expect(shipyard.calls.filter((call) => call === 'remove twin2')).toHaveLength(5);
  });
});

test('one look at the list that gets no answer while engines come up loses nothing', async () => {
  const shipyard = new FakeShipyard();
  let reads = 0;
  const list = {
    engines: () => ((reads += 1) === 2 ? Promise.reject(new Error('read ECONNRESET')) : shipyard.engines()),
  };
  expect(
    await applyEngines({ ...observed(shipyard), list }, [reachedNode(node1)], registrationContext(authority)),
  ).toMatchObject({
    kind: 'done',
    outcomes: [{ result: { kind: 'changed' } }],
  });
});
