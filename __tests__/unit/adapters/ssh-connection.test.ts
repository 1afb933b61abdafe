import { once } from 'node:events';
import { createServer, Socket, type Server } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { connect } from '../../../src/adapters/ssh-connection.ts';
import { JumpHosts } from '../../../src/adapters/ssh-jump.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { HostKeys } from '../../../src/ssh/host-key.ts';
import { listening } from './loopback.ts';
import { credentials, serveSsh, sshKey, type SshKey } from './ssh-server.ts';

let hostKey: SshKey;
let userKey: SshKey;
let known: HostKeys;
let server: Server | undefined;
let sockets: Socket[];
let pauses: number[];

beforeAll(() => {
  hostKey = sshKey();
  userKey = sshKey();
  known = { trusted: [hostKey.publicKey], revoked: [] };
});
beforeEach(() => {
  sockets = [];
  pauses = [];
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
});

test('a host whose key is known is logged in to at once', async () => {
  const client = await connectTo(await served(serveSsh(hostKey, true)));
  client.end();
  expect(pauses).toEqual([]);
});

describe('a host that has keys of several types, of which one is known, shows that one:', () => {
  const types = ['ed25519', 'ecdsa', 'rsa'];
  let keys: readonly SshKey[];

  beforeAll(() => {
    keys = types.map((type) => sshKey(type));
  });

  test.each(types)('%s', async (type) => {
    const trusted = keys.filter((_, index) => types[index] === type).map(({ publicKey }) => publicKey);
    const port = await served(serveSsh(keys, true));
    const client = await connectTo(port, { trusted, revoked: [] });
    client.end();
    expect(sockets).toHaveLength(1);
  });
});

test('what is written is sent at once, and waits for no acknowledgement', async () => {
  const noDelay = jest.spyOn(Socket.prototype, 'setNoDelay');
  const client = await connectTo(await served(serveSsh(hostKey, true)));
  client.end();
  expect(noDelay.mock.calls).toEqual([[true]]);
  noDelay.mockRestore();
});

describe('a host that cannot be reached is tried three times:', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['it hangs up after its greeting', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['it hangs up before its greeting', (socket) => socket.end()],
    ['it hangs up once it was greeted', (socket) => greet(socket, () => socket.end())],
  ])('%s', async (_, serve) => {
    const port = await served(serve);
    await expect(connectTo(port)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: `ssh: 127.0.0.1 port ${port} closed the connection before the login`,
    });
    expect(sockets).toHaveLength(3);
    expect(pauses).toEqual([1000, 3000]);
  });

  test('it resets the connection', async () => {
    const port = await served((socket) => greet(socket, () => socket.resetAndDestroy()));
    await expect(connectTo(port)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: `ssh: cannot reach 127.0.0.1 port ${port}: read ECONNRESET`,
    });
    expect(sockets).toHaveLength(3);
  });

  test('nothing listens there', async () => {
    const port = await served(() => undefined);
    server?.close();
    await once(server ?? createServer(), 'close');
    await expect(connectTo(port)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(pauses).toEqual([1000, 3000]);
  });

  test('and is well once it lets us in', async () => {
    const letIn = serveSsh(hostKey, true);
    const port = await served((socket) => (sockets.length < 3 ? socket.end() : letIn(socket)));
    const client = await connectTo(port);
    client.end();
    expect(sockets).toHaveLength(3);
  });
});

test('a host that stays silent is given up when the time is over', async () => {
  const port = await served(() => undefined);
  await expect(connectTo(port, known, 1000, systemClock)).rejects.toMatchObject({
    name: 'UnreachableError',
    message: `ssh: cannot reach 127.0.0.1 port ${port}: Timed out while waiting for handshake`,
  });
  expect(sockets).toHaveLength(1);
});

describe('is not tried again:', () => {
  test('a host that refuses the login', async () => {
    const port = await served(serveSsh(hostKey, false));
    await expect(connectTo(port)).rejects.toMatchObject({
      name: 'ActionError',
      message: `ssh: 127.0.0.1 port ${port} refused the login of root`,
    });
    expect(sockets).toHaveLength(1);
  });

  test('one whose key is not known, which is named', async () => {
    const port = await served(serveSsh(hostKey, true));
    await expect(connectTo(port, { trusted: [], revoked: [] })).rejects.toMatchObject({
      name: 'ActionError',
      hint: expect.stringContaining(hostKey.publicKey.blob.toString('base64')),
    });
    expect(sockets).toHaveLength(1);
  });

  test('one that is no SSH server', async () => {
    const port = await served((socket) => socket.end(`${'x'.repeat(9000)}\r\n`));
    await expect(connectTo(port)).rejects.toMatchObject({ name: 'ActionError' });
    expect(sockets).toHaveLength(1);
  });
});

const instant: Clock = {
  now: () => new Date(0),
  sleep: (ms) => {
    pauses.push(ms);
    return Promise.resolve();
  },
};

function connectTo(port: number, keys = known, limitMs = 5000, clock: Clock = instant) {
  const route = { address: { user: 'root', host: '127.0.0.1', port }, keys, jumps: [] };
  return connect(route, credentials(userKey), new JumpHosts(), limitMs, clock);
}

function greet(socket: Socket, then: () => void): void {
  socket.write('SSH-2.0-OpenSSH_9.2\r\n');
  socket.once('data', then);
}

function served(serve: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    serve(socket);
  });
  return listening(server);
}
