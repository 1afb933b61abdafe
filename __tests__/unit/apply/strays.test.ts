import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyEngines } from '../../../src/apply/apply-engines.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { ActionError } from '../../../src/errors.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { clientFor, newAuthority, nodeSpec, reachedNode, request } from '../../support/fakes.ts';
import { observed, registered, registrationContext } from './registration.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
const context = () => registrationContext(authority);
let authority: Authority;
let good: Engine;

beforeAll(async () => {
  authority = await newAuthority();
  const { certificate } = await clientFor('node1', authority);
  good = listed({ client: certificate, trusted: trustedCertificates(authority) });
});

describe('a row at the address of the node under another name', () => {
  const stray = () => ({ ...good, id: 'stray', name: 'renamed' });

  test('goes where it is ours, also when nothing else is due', async () => {
    const shipyard = new FakeShipyard([good, stray()]);
    expect(await registered(authority, shipyard, node1)).toMatchObject({
      outcomes: [{ result: { kind: 'changed', reasons: ['duplicate'] } }],
    });
    expect(shipyard.rows).toEqual([good]);
  });

  test('stays where it is not ours, and is told of', async () => {
    const foreign = { ...stray(), client: undefined };
    const shipyard = new FakeShipyard([good, foreign]);
    const workflow = new FakeWorkflow();
    const told = { ...context(), workflow };
    await applyEngines(observed(shipyard), [reachedNode(node1)], told);
    expect(shipyard.rows).toEqual([good, foreign]);
    expect(workflow.log).toEqual([
      expect.stringContaining("warning [node1] Shipyard's engine renamed (id stray) has the address"),
    ]);
  });

  test('stays where it has the name of another node, whose affair it is', async () => {
    const shipyard = new FakeShipyard([good, { ...stray(), name: 'node2' }]);
    const asked = { ...context(), request: request({ nodes: [node1, node2] }) };
    await applyEngines(observed(shipyard), [reachedNode(node1)], asked);
    expect(shipyard.rows).toHaveLength(2);
  });
});

describe('prune', () => {
  const gone = () => ({ ...good, id: 'gone', name: 'gone', addr: 'https://10.0.0.99:2376' });
  const theirs = () => ({ ...gone(), id: 'theirs', client: undefined });
  const pruning = { request: request({ nodes: [node1], prune: true }), isWhole: true };

  test('removes engines of ours that are in no entry of the inventory, and no other', async () => {
    const shipyard = new FakeShipyard([good, gone(), theirs()]);
    const outcome = await applyEngines(observed(shipyard), [reachedNode(node1)], {
      ...context(),
      ...pruning,
    });
    expect(outcome).toMatchObject({ pruned: [{ engine: { id: 'gone' }, error: undefined }], writes: 1 });
    expect(shipyard.rows.map(({ id }) => id)).toEqual(['row-1', 'theirs']);
  });

  test.each([
    ['without consent', { request: request({ nodes: [node1] }), isWhole: true }],
    ['after a node failed', { ...pruning, isWhole: false }],
  ])('removes none %s', async (_, given) => {
    const shipyard = new FakeShipyard([good, gone()]);
    await applyEngines(observed(shipyard), [reachedNode(node1)], { ...context(), ...given });
    expect(shipyard.rows).toHaveLength(2);
  });

  test('removes none after an engine failed', async () => {
    const shipyard = new FakeShipyard([gone()], { failing: ['add node1'] });
    await applyEngines(observed(shipyard), [reachedNode(node1)], { ...context(), ...pruning });
    expect(shipyard.rows).toHaveLength(1);
  });

  describe('that cannot be done', () => {
    const error = new ActionError({ message: 'shipyard: no answer', hint: 'check it' });
    const fault = {
      name: 'ActionError',
      message: expect.stringMatching(
        /^shipyard: no answer; nothing was pruned, and Shipyard still lists gone/,
      ),
      hint: 'check it; then run the action again',
    };

    test('leaves what was added: the list broke down in between, for a while', async () => {
      const shipyard = new FakeShipyard([gone()]);
      let reads = 0;
      // The list after the addition is read; all that the removal asks for are not.
      const isBroken = (): boolean => (reads += 1) > 1 && reads < 7;
      const list = { engines: () => (isBroken() ? Promise.reject(error) : shipyard.engines()) };
      const outcome = await applyEngines({ ...observed(shipyard), list }, [reachedNode(node1)], {
        ...context(),
        ...pruning,
      });
      expect(outcome).toMatchObject({
        outcomes: [{ result: { kind: 'changed', reasons: ['unregistered'] }, use: { usable: true } }],
        ...{ engines: [{ id: 'gone' }, { id: 'new-node1' }], writes: 1, pruned: [], faults: [fault] },
      });
    });

    test('and for good: what was added is shown by the list that was read last', async () => {
      const shipyard = new FakeShipyard([gone()]);
      let reads = 0;
      const list = {
        engines: () => ((reads += 1) > 1 ? Promise.reject(error) : shipyard.engines()),
      };
      const outcome = await applyEngines({ ...observed(shipyard), list }, [reachedNode(node1)], {
        ...context(),
        ...pruning,
      });
      expect(outcome).toMatchObject({
        outcomes: [{ result: { kind: 'incomplete', reasons: ['unregistered'] } }],
        ...{ engines: [{ id: 'gone' }, { id: 'new-node1' }], faults: [fault] },
      });
    });

    test('for want of a CLI leaves the engines as they are, and says so', async () => {
      const shipyard = new FakeShipyard([good, gone()]);
      shipyard.check = () => Promise.reject(error);
      const outcome = await applyEngines(observed(shipyard), [reachedNode(node1)], {
        ...context(),
        ...pruning,
      });
      expect(outcome).toMatchObject({ outcomes: [{ result: { kind: 'unchanged' } }], faults: [fault] });
      expect(shipyard.rows).toHaveLength(2);
    });
  });
});
