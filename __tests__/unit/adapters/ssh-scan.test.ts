import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import ssh2 from 'ssh2';
import { directly } from '../../../src/adapters/ssh-jump.ts';
import { scanHostKeys } from '../../../src/adapters/ssh-scan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { listening } from './loopback.ts';
import { sshKey, type SshKey } from './ssh-server.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

test('every key that a host has is shown, and nobody logs in', async () => {
  const keys = [sshKey('ed25519'), sshKey('ecdsa'), sshKey('rsa')];
  const logins: string[] = [];
  const port = await served(keys, logins);
  const offered = await scanHostKeys(address(port), directly, 5000, instant);
  expect(offered).toEqual(keys.map(({ publicKey }) => publicKey));
  expect(logins).toEqual([]);
});

test('a host that cannot be reached is an error', async () => {
  const port = await served([sshKey('ed25519')], []);
  server?.close();
  await once(server ?? createServer(), 'close');
  await expect(scanHostKeys(address(port), directly, 5000, instant)).rejects.toMatchObject({
    name: 'UnreachableError',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('one that is no SSH server is an error', async () => {
  server = createServer((socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400\r\n\r\n'));
  await expect(scanHostKeys(address(await listening(server)), directly, 5000, instant)).rejects.toMatchObject(
    {
      name: 'UnreachableError',
    },
  );
});

const instant: Clock = { now: () => new Date(0), sleep: () => Promise.resolve() };

function address(port: number) {
  return { user: 'root', host: '127.0.0.1', port };
}

function served(keys: readonly SshKey[], logins: string[]): Promise<number> {
  const sshd = new ssh2.Server({ hostKeys: keys.map(({ privateKey }) => privateKey) }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', ({ username }) => logins.push(username));
  });
  server = createServer((socket) => sshd.injectSocket(socket.on('error', () => undefined)));
  return listening(server);
}
