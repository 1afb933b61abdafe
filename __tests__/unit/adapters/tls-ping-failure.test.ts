import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ping } from '../../../src/adapters/tls-ping.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { Secret } from '../../../src/secret.ts';
import { daysFrom, nodeSpec, serverFor } from '../../support/fakes.ts';
import { connectedTo, listening } from './loopback.ts';
import { engine, makePeers, now, pinged, spec, type Peers } from './tls-peers.ts';

let peers: Peers;

beforeAll(async () => {
  peers = await makePeers();
});

describe('the server is not who it should be:', () => {
  test.each<[string, () => Promise<Identity>, string]>([
    ['it has expired', () => serverFor(spec, peers.ours, daysFrom(now, -50), 20), 'certificate has expired'],
    [
      'it has another address',
      () => serverFor(nodeSpec({ address: '10.9.9.9' }), peers.ours, now),
      'is not in the cert',
    ],
    ['another CA made it', () => serverFor(spec, peers.theirs, now), 'unable to verify'],
    ['it shows a client certificate', () => Promise.resolve(peers.client), 'unsuitable certificate purpose'],
  ])('%s', async (_, identity, reason) => {
    const result = await pinged(peers, serving(await identity()), { identity: peers.client });
    expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining(reason) });
  });

  test('it has another name', async () => {
    const result = await pinged(peers, engine(peers), { identity: peers.client, address: 'node2' });
    expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('is not in the cert') });
  });

  test('which is only looked at where no CA is given', async () => {
    const foreign = await serverFor(nodeSpec({ address: 'elsewhere' }), peers.theirs, now);
    const server = serving(foreign);
    const stream = await connectedTo(await listening(server));
    expect(await ping(stream, { address: '127.0.0.1', timeoutMs: 5000 })).toMatchObject({
      kind: 'refused',
      served: { serial: foreign.certificate.serial },
    });
    server.close();
  });
});

test('an identity that is none of TLS is a failure, and the connection is closed', async () => {
  const result = await pinged(peers, engine(peers), {
    identity: { ...peers.client, key: new Secret('garbage') },
  });
  expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('DECODER') });
});

describe('no TLS:', () => {
  test.each<[string, () => Server, string]>([
    ['silence', () => createServer(), 'no answer within 0.2 s'],
    ['a close', () => createServer((socket) => socket.end()), 'disconnected before secure TLS connection'],
    [
      'a reset',
      () => createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
      'ECONNRESET',
    ],
    ['plain HTTP', () => createHttpServer((_, response) => response.end('OK')), 'wrong version number'],
    ['SSH', () => createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')), 'wrong version number'],
  ])('%s', async (what, make, reason) => {
    expect(await pinged(peers, make(), { timeoutMs: 200 })).toEqual({
      kind: 'failed',
      reason: expect.stringContaining(reason),
      ...(what === 'silence' && { isSilent: true }),
      served: undefined,
    });
  });
});

describe('no answer:', () => {
  test.each<[string, (request: IncomingMessage) => unknown, string]>([
    ['silence after the handshake', () => undefined, 'no answer within 0.3 s'],
    ['something else than HTTP', ({ socket }) => socket.end('garbage\r\n\r\n'), 'Parse Error'],
    ['a close', ({ socket }) => socket.end(), 'socket hang up'],
  ])('%s', async (_, answer, reason) => {
    const server = engine(peers);
    server.removeAllListeners('request').on('request', answer);
    expect(await pinged(peers, server, { identity: peers.client, timeoutMs: 300 })).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining(reason),
      served: { serial: peers.server.certificate.serial },
    });
  });
});

test('an answer whose body never ends is an answer, and the connection is closed', async () => {
  const server = engine(peers);
  const closed = new Promise((resolve) => {
    server
      .removeAllListeners('request')
      .on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
        socket.once('close', resolve);
        response.write('O');
      });
  });
  const result = await pinged(peers, server, { identity: peers.client });
  expect(result).toMatchObject({ kind: 'accepted', status: 200 });
  await closed;
});

function serving({ certificate, key }: Identity): Server {
  return engine(peers, { cert: certificate.pem, key: key.reveal() });
}
