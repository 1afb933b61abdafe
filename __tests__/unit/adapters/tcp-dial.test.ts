import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dial } from '../../../src/adapters/tcp-dial.ts';
import { hasAddresses, listening } from './loopback.ts';

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  port = await listening(server);
});
afterEach(() => {
  server.close();
});

test('a connection is handed on, and its later errors are thrown at nobody', async () => {
  const dialled = await dial('127.0.0.1', port, 1000);
  if (dialled.kind !== 'connected') throw new Error(dialled.kind);
  dialled.stream.write('x');
  await new Promise((resolve) => dialled.stream.once('close', resolve));
  expect(dialled.stream.destroyed).toBe(true);
});

test('a port where nothing listens is closed', async () => {
  server.close();
  await once(server, 'close');
  expect(await dial('127.0.0.1', port, 1000)).toEqual({
    kind: 'closed',
    reason: `connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test('so it is where its name has several addresses', async () => {
  server.close();
  await once(server, 'close');
  const lookup = hasAddresses('127.0.0.1', '127.0.0.2');
  expect(await dial('node1.test', port, 1000)).toEqual({
    kind: 'closed',
    reason: `connect ECONNREFUSED node1.test:${port}`,
  });
  lookup.mockRestore();
});

test('an address to which there is no way is unreachable', async () => {
  expect(await dial('255.255.255.255', port, 1000)).toMatchObject({ kind: 'unreachable' });
});
