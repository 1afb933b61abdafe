import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ping } from '../../../lab/shipyard/ping.ts';
import { makePki, type Pki } from '../../support/shipyard-pki.ts';

const directory = mkdtempSync(join(tmpdir(), 'shipyard-ping-'));
let pki: Pki;

beforeAll(() => {
  pki = makePki(directory);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const pingAt = (addr: string, certificate = '', key = ''): Promise<number> =>
  ping({ engine: { id: '', addr, cpus: 0, memory: 0, labels: [] }, ssl_cert: certificate, ssl_key: key });

/** Serves each connection with `serve` while `use` runs. */
const withServer = async (
  serve: (socket: Socket) => void,
  use: (port: number) => Promise<void>,
): Promise<void> => {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
};

test('a connection that ends without a byte is EOF', async () => {
  await withServer(
    (socket) => socket.end(),
    async (port) => {
      const message = `Get "http://127.0.0.1:${port}/_ping": EOF`;
      await expect(pingAt(`http://127.0.0.1:${port}`)).rejects.toThrow(message);
    },
  );
});

test('redirects are followed, ten of them', async () => {
  await withServer(
    (socket) => {
      socket.on('data', () =>
        socket.end('HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n'),
      );
    },
    async (port) => {
      await expect(pingAt(`http://127.0.0.1:${port}`)).rejects.toThrow('/again": stopped after 10 redirects');
    },
  );
});

test('a name that does not exist', async () => {
  await expect(pingAt('http://nowhere.invalid:1')).rejects.toThrow(
    'dial tcp: lookup nowhere.invalid: no such host',
  );
});

// Refusals of another TLS stack, in the words of Go for that alert. With TLS 1.3 they come after the handshake.
test.each([
  ['TLSv1.2', 'client-ca2', 'unknown certificate authority'],
  ['TLSv1.3', 'client-ca2', 'unknown certificate authority'],
  ['TLSv1.2', 'client-expired', 'expired certificate'],
  ['TLSv1.3', 'client-expired', 'expired certificate'],
] as const)('over %s openssl refuses %s: %s', async (version, name, words) => {
  const { certificate, key } = pki.pair(name);
  const server = spawn(
    'openssl',
    [
      ...['s_server', '-accept', '127.0.0.1:0', '-Verify', '1', '-verify_return_error', '-CAfile', 'ca1.pem'],
      ...['-cert', 'server-san-cert.pem', '-key', 'server-san-key.pem', '-no_dhe'],
      version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3',
    ],
    { cwd: directory },
  );
  try {
    const port = await acceptingPort(server.stdout);
    const refused = pingAt(`https://127.0.0.1:${port}`, certificate, key);
    await expect(refused).rejects.toThrow(`remote error: tls: ${words}`);
  } finally {
    const exit = once(server, 'exit');
    server.kill();
    await exit;
  }
});

const acceptingPort = (stdout: Readable): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) {
        resolve(port);
      }
    });
  });
