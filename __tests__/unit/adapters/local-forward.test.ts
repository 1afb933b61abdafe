import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { forwardLocally } from '../../../src/adapters/local-forward.ts';
import { dial } from '../../../src/adapters/tcp-dial.ts';
import type { LocalForward } from '../../../src/ports/network.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { connectedTo, listening } from './loopback.ts';

let target: Server;
let forward: LocalForward;
let dialled: unknown[][];

beforeEach(async () => {
  target = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (question) => socket.end(`you said ${question.toString()}`.padEnd(200_000, '.')));
  });
  const port = await listening(target);
  const host = new FakeHost();
  dialled = [];
  host.dial = (...where: unknown[]) => {
    dialled.push(where);
    return dial('127.0.0.1', port, 1000);
  };
  forward = await forwardLocally(host, 'shipyard.internal', 8080);
});

afterEach(() => {
  forward.close();
  target.close();
});

test('bytes go both ways, up to the end', async () => {
  const answer = await ask(await connectedTo(forward.port), 'x');
  expect(answer).toHaveLength(200_000);
  expect(answer).toMatch(/^you said x\.+$/);
  expect(dialled).toEqual([['shipyard.internal', 8080]]);
});

test('a client that has ended its question gets the whole answer', async () => {
  const socket = await connectedTo(forward.port);
  socket.end('x');
  expect(await text(socket)).toHaveLength(200_000);
});

test('each connection is one of its own', async () => {
  const [one, other] = await Promise.all([connectedTo(forward.port), connectedTo(forward.port)]);
  expect(await Promise.all([ask(one, '1'), ask(other, '2')])).toEqual([
    expect.stringMatching(/^you said 1/),
    expect.stringMatching(/^you said 2/),
  ]);
});

test('it listens on loopback alone, and no more after close', async () => {
  const { port } = forward;
  expect(port).toBeGreaterThan(0);
  forward.close();
  expect(await dial('127.0.0.1', port, 1000)).toMatchObject({ kind: 'closed' });
});

test('a connection that the host cannot make is closed', async () => {
  const nowhere = await forwardLocally(new FakeHost(), '127.0.0.1', 1);
  const socket = await connectedTo(nowhere.port);
  await once(socket, 'close');
  nowhere.close();
  expect(socket.bytesRead).toBe(0);
});

test('one that is reset does not end the others', async () => {
  const [one, other] = await Promise.all([connectedTo(forward.port), connectedTo(forward.port)]);
  one.write('1');
  one.resetAndDestroy();
  expect(await ask(other, '2')).toMatch(/^you said 2/);
});

function ask(socket: Socket, question: string): Promise<string> {
  socket.write(question);
  return text(socket);
}
