import { once } from 'node:events';
import { connect as dial, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import ssh2 from 'ssh2';
import { connect } from '../../../src/adapters/ssh-connection.ts';
import { JumpHosts } from '../../../src/adapters/ssh-jump.ts';
import { scanHostKeys } from '../../../src/adapters/ssh-scan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { SshHop, SshRoute } from '../../../src/ssh/route.ts';
import { listening } from './loopback.ts';
import { credentials, sshKey } from './ssh-server.ts';

const key = sshKey();
const stranger = sshKey();
const instant: Clock = { now: () => new Date(0), sleep: () => Promise.resolve() };

/** An SSH server on loopback that forwards wherever it is asked to. */
type Peer = {
  readonly hop: SshHop;
  readonly connections: Set<ssh2.Connection>;
  logins: number;
  letsIn: boolean;
  forwards: boolean;
};

let servers: Server[];
let jumpHosts: JumpHosts;
let clients: ssh2.Client[];
beforeEach(() => {
  servers = [];
  clients = [];
  jumpHosts = new JumpHosts();
});
afterEach(() => {
  for (const client of clients) client.destroy();
  for (const server of servers) server.close();
});

test('several hosts behind a jump host share one connection to it, which ends with the last of them', async () => {
  const [jump, one, two] = [await peer(), await peer(), await peer()];
  const [first, second] = await Promise.all([open(one, jump), open(two, jump)]);
  expect([jump.logins, one.logins, two.logins]).toEqual([1, 1, 1]);
  first.end();
  await once(first, 'close');
  expect(jump.connections.size).toBe(1);
  second.end();
  await once(second, 'close');
  await gone(jump);
});

test('every hop is logged in to through the one before it', async () => {
  const [outer, inner, host, other] = [await peer(), await peer(), await peer(), await peer()];
  const client = await open(host, outer, inner);
  await open(other, outer);
  expect([outer.logins, inner.logins, host.logins]).toEqual([1, 1, 1]);
  client.end();
  await gone(inner);
  expect(outer.connections.size).toBe(1);
});

test('a jump host that was lost is opened anew', async () => {
  const [jump, host] = [await peer(), await peer()];
  const client = await open(host, jump);
  const lost = once(client, 'close');
  for (const connection of jump.connections) connection.end();
  await lost;
  await open(host, jump);
  expect([jump.logins, host.logins]).toEqual([2, 2]);
});

test('a host behind a jump host is scanned without a login to it', async () => {
  const [jump, host] = [await peer(), await peer()];
  const way = jumpHosts.wayTo(route(host, jump), credentials(key));
  expect(await scanHostKeys(host.hop.address, way.open, 5000, instant)).toEqual([key.publicKey]);
  way.leave();
  expect([jump.logins, host.logins]).toEqual([1, 0]);
  await gone(jump);
});

describe('a jump host fails, and is named:', () => {
  test('its key is not known, and it is not logged in to', async () => {
    const [jump, host] = [await peer(), await peer()];
    const unknown = { ...jump, hop: { ...jump.hop, keys: { trusted: [], revoked: [] } } };
    await expect(open(host, unknown)).rejects.toMatchObject({
      name: 'ActionError',
      message: expect.stringMatching(
        new RegExp(`^on the way to 127.0.0.1 port ${host.hop.address.port}: ssh: the host key of 127.0.0.1`),
      ),
      hint: expect.stringContaining(`[127.0.0.1]:${jump.hop.address.port} ssh-ed25519`),
    });
    expect([jump.logins, host.logins]).toEqual([0, 0]);
  });

  test('the host behind it shows another key than the known one', async () => {
    const [jump, host] = [await peer(), await peer()];
    const keys = { trusted: [stranger.publicKey], revoked: [] };
    await expect(open({ ...host, hop: { ...host.hop, keys } }, jump)).rejects.toMatchObject({
      message: expect.stringMatching(/^ssh: the host key of 127\.0\.0\.1 is not the known one/),
    });
    expect(host.logins).toBe(0);
    await gone(jump);
  });

  test('it refuses the login, which is tried once', async () => {
    const [jump, host] = [await peer(), await peer()];
    jump.letsIn = false;
    const { port } = jump.hop.address;
    await expect(Promise.all([open(host, jump), open(host, jump)])).rejects.toMatchObject({
      name: 'ActionError',
      message: `on the way to 127.0.0.1 port ${host.hop.address.port}: ssh: 127.0.0.1 port ${port} refused the login of root`,
    });
    // Nor is it for those who come later.
    await expect(open(host, jump)).rejects.toMatchObject({ name: 'ActionError' });
    expect(jump.logins).toBe(1);
  });

  test('it forbids forwarding', async () => {
    const [jump, host] = [await peer(), await peer()];
    jump.forwards = false;
    await expect(open(host, jump)).rejects.toMatchObject({
      name: 'ActionError',
      message: `ssh: the jump host 127.0.0.1 forbids TCP forwarding to 127.0.0.1 port ${host.hop.address.port}`,
    });
    await gone(jump);
  });

  test('it cannot reach the host, which is tried again over the same connection', async () => {
    const [jump, host] = [await peer(), await peer()];
    const server = servers.at(-1);
    server?.close();
    await expect(open(host, jump)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: expect.stringContaining(
        `ssh: the jump host 127.0.0.1 cannot reach 127.0.0.1 port ${host.hop.address.port}: (SSH) Channel open failure`,
      ),
    });
    expect(jump.logins).toBe(1);
  });

  test('it cannot be reached itself', async () => {
    const [host, jump] = [await peer(), await peer()];
    servers.at(-1)?.close();
    await expect(open(host, jump)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: expect.stringMatching(
        /^on the way to 127\.0\.0\.1 port \d+: ssh: cannot reach 127\.0\.0\.1 port/,
      ),
    });
  });
});

async function open(host: Pick<Peer, 'hop'>, ...jumps: readonly Pick<Peer, 'hop'>[]): Promise<ssh2.Client> {
  const client = await connect(route(host, ...jumps), credentials(key), jumpHosts, 5000, instant);
  clients.push(client);
  return client;
}

function route({ hop }: Pick<Peer, 'hop'>, ...jumps: readonly Pick<Peer, 'hop'>[]): SshRoute {
  return { ...hop, jumps: jumps.map((jump) => jump.hop) };
}

async function gone({ connections }: Peer): Promise<void> {
  while (connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function peer(): Promise<Peer> {
  const connections = new Set<ssh2.Connection>();
  const sshd = new ssh2.Server({ hostKeys: [key.privateKey] }, (client) => {
    connections.add(client);
    client.on('error', () => undefined).on('close', () => connections.delete(client));
    client.on('authentication', (attempt) => {
      if (attempt.method !== 'publickey') {
        attempt.reject(['publickey']);
        return;
      }
      if (attempt.signature !== undefined || !result.letsIn) result.logins += 1;
      if (result.letsIn) attempt.accept();
      else attempt.reject(['publickey']);
    });
    // Who does not listen forbids it.
    if (!result.forwards) return;
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const socket = dial(destPort, destIP);
      socket.once('error', () => reject());
      socket.once('connect', () => {
        const channel = accept().on('error', () => undefined);
        socket.on('error', () => channel.destroy()).pipe(channel);
        channel.pipe(socket);
      });
    });
  });
  const server = createServer((socket) => sshd.injectSocket(socket.on('error', () => undefined)));
  servers.push(server);
  const address = { user: 'root', host: '127.0.0.1', port: await listening(server) };
  const hop = { address, keys: { trusted: [key.publicKey], revoked: [] } };
  const result: Peer = { hop, connections, logins: 0, letsIn: true, forwards: true };
  return result;
}
