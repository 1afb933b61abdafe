import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyEngines } from '../../../src/apply/apply-engines.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { NodeSpec } from '../../../src/inventory/node-spec.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { factsText } from '../../support/facts-text.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import {
  clientFor,
  newAuthority,
  nodeFacts,
  nodeSpec,
  reachedNode,
  request,
  rollout,
} from '../../support/fakes.ts';
import { ENGINE, observed, registered, registrationContext } from './registration.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
let authority: Authority;
let good: Engine;

beforeAll(async () => {
  authority = await newAuthority();
  good = listed({
    client: (await clientFor('node1', authority)).certificate,
    trusted: trustedCertificates(authority),
  });
});

test('where none was asked, nothing is done', async () => {
  expect(await applyEngines({ kind: 'none' }, [reachedNode(node1)], context())).toEqual({ kind: 'none' });
});

test('a Shipyard that could not be read is the failure of the whole', async () => {
  const error = new Error('no answer');
  expect(await applyEngines({ kind: 'unreachable', error }, [reachedNode(node1)], context())).toEqual({
    kind: 'failed',
    error,
  });
});

test('where all is as asked, no container is run and the list is read once', async () => {
  const shipyard = new FakeShipyard([good]);
  expect(await apply(shipyard, node1)).toMatchObject({ outcomes: [{ result: { kind: 'unchanged' } }] });
  expect(shipyard.calls).toEqual(['list']);
});

test('engines are added one after the other, each with a client of its own', async () => {
  const shipyard = new FakeShipyard();
  const outcome = await apply(shipyard, node1, node2);
  expect(outcome).toMatchObject({
    kind: 'done',
    outcomes: [
      { spec: node1, result: { kind: 'changed', reasons: ['unregistered'] } },
      { spec: node2, result: { kind: 'changed', reasons: ['unregistered'] } },
    ],
    engines: [{ id: 'new-node1' }, { id: 'new-node2' }],
  });
  expect(shipyard.calls).toEqual(['check', 'add node1', 'list', 'add node2', 'list', 'list']);
  expect(shipyard.added.map(({ identity }) => identity.certificate.subject)).toEqual([
    'CN=shipyard@node1',
    'CN=shipyard@node2',
  ]);
});

describe('cpus and memory', () => {
  test('are those of the engine, in MB, where the inventory names none', async () => {
    const shipyard = new FakeShipyard();
    await apply(shipyard, node1);
    expect(shipyard.added).toMatchObject([
      { addr: 'https://10.0.0.11:2376', cpus: 2, memory: 2048, labels: ['node1'] },
    ]);
  });

  test('are those of the inventory, where it names them', async () => {
    const shipyard = new FakeShipyard();
    await apply(shipyard, nodeSpec({ cpus: 0.5, memory: 100 }));
    expect(shipyard.added).toMatchObject([{ cpus: 0.5, memory: 100 }]);
  });

  test('are read again where the daemon was down before, within the time of one command', async () => {
    const shipyard = new FakeShipyard();
    const engine = { ...ENGINE, cpus: 8, memoryBytes: 1000 * 1024 ** 2 };
    const host = new FakeHost(() => ({ stdout: factsText(nodeFacts({ engine })) }));
    const limits = { ...rollout, commandTimeoutSeconds: 7 };
    await applyEngines(observed(shipyard), [reachedNode(node1, { engine: undefined }, host)], {
      ...context(),
      request: request({ rollout: limits }),
    });
    expect(shipyard.added).toMatchObject([{ cpus: 8, memory: 1000 }]);
    expect(host.scripts).toMatchObject([{ timeoutMs: 7000 }]);
  });
});

describe('a row that differs', () => {
  test('is removed only after the better one is listed, by an id that was read just now', async () => {
    const shipyard = new FakeShipyard([{ ...good, id: 'old', keyMatches: false }]);
    expect(await apply(shipyard, node1)).toMatchObject({ engines: [{ id: 'new-node1' }] });
    expect(shipyard.calls).toEqual(['check', 'add node1', 'list', 'list', 'remove old', 'list', 'list']);
  });

  test('that is gone meanwhile is not removed again: an unknown id breaks the controller', async () => {
    const shipyard = new FakeShipyard();
    const old = { ...good, id: 'old', keyMatches: false };
    await applyEngines({ ...observed(shipyard), engines: [old] }, [reachedNode(node1)], context());
    expect(shipyard.calls).not.toContain('remove old');
  });

  test('stays when the better one cannot be added', async () => {
    const shipyard = new FakeShipyard([{ ...good, id: 'old', keyMatches: false }], {
      failing: ['add node1'],
    });
    expect(await apply(shipyard, node1)).toMatchObject({
      outcomes: [{ result: { kind: 'failed', error: { message: 'add node1 failed' } } }],
      engines: [{ id: 'old' }],
    });
    expect(shipyard.calls.some((call) => call.startsWith('remove'))).toBe(false);
  });

  test('stays when the list does not show the better one', async () => {
    const shipyard = new FakeShipyard([{ ...good, id: 'old', keyMatches: false }], {
      shown: (row) => (row.id === 'old' ? row : listed({ id: 'of somebody else' })),
    });
    expect(await apply(shipyard, node1)).toMatchObject({
      outcomes: [
        {
          result: {
            kind: 'incomplete',
            error: { message: expect.stringContaining('the list does not show it') },
          },
        },
      ],
    });
    expect(shipyard.rows.map(({ id }) => id)).toContain('old');
  });
});

test('duplicates are removed without anything being added', async () => {
  const shipyard = new FakeShipyard([good, { ...good, id: 'twin' }]);
  expect(await apply(shipyard, node1)).toMatchObject({
    outcomes: [{ result: { kind: 'changed', reasons: ['duplicate'] } }],
    engines: [{ id: 'row-1' }],
  });
  expect(shipyard.calls).toEqual(['check', 'list', 'remove twin', 'list', 'list']);
});

test('the failure of one engine does not stop the others', async () => {
  const shipyard = new FakeShipyard([], { failing: ['add node1'] });
  expect(await apply(shipyard, node1, node2)).toMatchObject({
    outcomes: [{ result: { kind: 'failed' } }, { result: { kind: 'changed' } }],
  });
});

test('a name that belongs to another engine is refused, and Shipyard is not touched', async () => {
  const shipyard = new FakeShipyard([listed({ addr: 'https://10.9.9.9:2376' })]);
  expect(await apply(shipyard, node1)).toMatchObject({
    outcomes: [
      {
        result: { kind: 'failed', error: { message: expect.stringContaining('belongs to another engine') } },
      },
    ],
  });
  expect(shipyard.calls).toEqual(['list']);
});

test('a driver that cannot reach Shipyard is found before anything is changed', async () => {
  const shipyard = new FakeShipyard([], { failing: ['check'] });
  expect(await apply(shipyard, node1)).toMatchObject({ kind: 'failed', error: { message: 'check failed' } });
  expect(shipyard.calls).toEqual(['check']);
});

function apply(shipyard: FakeShipyard, ...specs: readonly NodeSpec[]) {
  return registered(authority, shipyard, ...specs);
}

function context() {
  return registrationContext(authority);
}
