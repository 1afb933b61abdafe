import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { KeyPair } from './shipyard-pki.ts';

/**
 * Takes connections as Go's TLS server does, which dockerd is: a client certificate that does not verify is
 * refused with the alert bad_certificate, and plain HTTP gets a 400 in clear. Node does neither. So Node's
 * server stands behind a relay that keeps back what it says after the client's certificate until it has judged
 * it. TLS 1.2 only: there the alert is still in clear.
 */
export const createAlertingFront = (
  api: Server,
  { certificate, key }: KeyPair,
  clientAuthority: string,
): ((client: Socket) => void) => {
  const verdicts = new Map<number, (authorized: boolean) => void>();
  const inner = createSecureServer({
    cert: certificate,
    key,
    ca: clientAuthority,
    requestCert: true,
    rejectUnauthorized: false,
    maxVersion: 'TLSv1.2',
  });
  inner.on('secureConnection', (socket: TLSSocket) => {
    verdicts.get(socket.remotePort ?? 0)?.(socket.authorized);
  });
  inner.on('request', (incoming, response) => api.emit('request', incoming, response));
  inner.keepAliveTimeout = 0;
  inner.unref();
  const listening = new Promise<number>((resolve) => {
    inner.listen(0, '127.0.0.1', () => {
      resolve((inner.address() as AddressInfo).port);
    });
  });
  return (client) => {
    client.once('data', (hello: Buffer) => {
      client.pause();
      if (hello[0] !== handshakeRecord) {
        client.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
        return;
      }
      void listening.then((port) => {
        relay(client, hello, connect(port, '127.0.0.1'), verdicts);
      });
    });
  };
};

const handshakeRecord = 0x16;
const badCertificate = Buffer.from([0x15, 3, 3, 0, 2, 2, 42]);

const relay = (
  client: Socket,
  hello: Buffer,
  server: Socket,
  verdicts: Map<number, (authorized: boolean) => void>,
): void => {
  let state: 'hello' | 'judging' | 'accepted' = 'hello';
  const kept: Buffer[] = [];
  server.once('connect', () => {
    verdicts.set(server.localPort ?? 0, (authorized) => {
      if (authorized) {
        state = 'accepted';
        kept.forEach((chunk) => client.write(chunk));
      } else {
        client.end(badCertificate);
        server.destroy();
      }
    });
    server.write(hello);
    client.resume();
  });
  client.on('data', (chunk: Buffer) => {
    if (state === 'hello') {
      state = 'judging';
    }
    server.write(chunk);
  });
  server.on('data', (chunk: Buffer) => {
    if (state === 'judging') {
      kept.push(chunk);
    } else {
      client.write(chunk);
    }
  });
  client.once('close', () => server.destroy());
  server.once('close', () => client.end());
  server.on('error', () => client.destroy());
};
