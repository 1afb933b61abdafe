import { expect, test } from '@jest/globals';
import { NodeConnection } from '../../../src/observe/node-connection.ts';
import { throughSsh } from '../../../src/prove/proof.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { connected } from '../../support/fake-network.ts';
import { nodeSpec } from '../../support/fakes.ts';

const script = { text: 'true', asRoot: true, timeoutMs: 1000 };

/** A node that can be logged in to once for each host. */
async function connection(...hosts: FakeHost[]): Promise<NodeConnection> {
  return NodeConnection.open(() => {
    const next = hosts.shift();
    return next ? Promise.resolve(next) : Promise.reject(new Error('no route to host'));
  });
}

test('all that is asked goes to the host', async () => {
  const host = new FakeHost(() => ({ stdout: 'said' }), connected);
  const node = await connection(host);
  expect(await node.run(script)).toMatchObject({ stdout: 'said' });
  expect(await node.hold('held', 1)).toMatchObject({ firstLine: 'locked' });
  expect(await node.upload('there', [], 5000)).toBe('/root/there');
  expect(await node.dial('127.0.0.1', 2376)).toMatchObject({ kind: 'connected' });
  expect(host).toMatchObject({
    scripts: [script],
    held: ['held'],
    uploads: [{ directory: 'there', timeoutMs: 5000 }],
  });
  node.close();
  expect(host.isClosed).toBe(true);
  expect(node.isOpen).toBe(false);
});

test('what cannot be opened is no connection', async () => {
  await expect(connection()).rejects.toThrow('no route to host');
});

test('a connection that stands is not opened anew', async () => {
  const host = new FakeHost();
  const node = await connection(host);
  await node.reopen();
  await node.run(script);
  expect(host.scripts).toHaveLength(1);
});

test('one that has ended is, and whoever had it uses the new one; the old one is closed', async () => {
  const [old, next] = [new FakeHost(), new FakeHost(undefined, connected)];
  const node = await connection(old, next);
  const route = throughSsh(node, nodeSpec());
  old.isOpen = false;
  expect(await route()).toMatchObject({ kind: 'unreachable' });
  await node.reopen();
  expect(node.isOpen).toBe(true);
  expect(await route()).toMatchObject({ kind: 'connected' });
  await node.run(script);
  expect([old.scripts.length, next.scripts.length]).toEqual([0, 1]);
  expect(old.isClosed).toBe(true);
});

test('a login that is refused leaves it ended, and can be tried again', async () => {
  const [old, next] = [new FakeHost(), new FakeHost()];
  const logins = [() => old, () => failed(), () => next];
  const node = await NodeConnection.open(async () => Promise.resolve((logins.shift() ?? failed)()));
  old.isOpen = false;
  await expect(node.reopen()).rejects.toThrow('refused');
  expect(node.isOpen).toBe(false);
  await expect(node.run(script)).rejects.toMatchObject({ name: 'ConnectionLostError' });
  await node.reopen();
  expect(node.isOpen).toBe(true);
});

function failed(): never {
  throw new Error('refused');
}
