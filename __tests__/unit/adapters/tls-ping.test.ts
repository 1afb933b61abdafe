import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientFor, daysFrom } from '../../support/fakes.ts';
import { createAlertingFront } from '../../support/shipyard-alerting-front.ts';
import { opensslServer, type TlsServer } from './openssl-server.ts';
import { engine, makePeers, now, pinged, type Peers } from './tls-peers.ts';

let peers: Peers;

beforeAll(async () => {
  peers = await makePeers();
});

describe.each([
  ['1.3', '-tls1_3'],
  ['1.2', '-tls1_2'],
] as const)("OpenSSL's server, over TLS %s,", (_, version) => {
  let server: TlsServer;
  beforeAll(async () => {
    server = await opensslServer(peers.server, peers.ours.generations[0].certificate.pem, version);
  });
  afterAll(() => server.close());

  test('accepts our client, and what it serves is seen', async () => {
    expect(await pinged(peers, server.port, { identity: peers.client })).toEqual({
      kind: 'accepted',
      status: 200,
      served: peers.server.certificate,
    });
  });

  test('refuses a client of another CA', async () => {
    const identity = await clientFor('probe', peers.theirs, now);
    const result = await pinged(peers, server.port, { identity });
    expect(result).toEqual({ kind: 'refused', alert: 'unknown CA', served: peers.server.certificate });
  });

  test('refuses a client that has expired', async () => {
    const identity = await clientFor('probe', peers.ours, daysFrom(now, -50), 20);
    const result = await pinged(peers, server.port, { identity });
    expect(result).toMatchObject({ kind: 'refused', alert: 'certificate expired' });
  });

  test('refuses a server certificate in the place of a client one', async () => {
    const result = await pinged(peers, server.port, { identity: peers.server });
    expect(result).toMatchObject({ kind: 'refused', alert: 'unsupported certificate' });
  });

  test.each(['localhost', '::1'])('is known by its other name %s', async (address) => {
    const result = await pinged(peers, server.port, { identity: peers.client, address });
    expect(result).toMatchObject({ kind: 'accepted' });
  });
});

describe('a client without a certificate is refused', () => {
  test('over TLS 1.3, by the alert made for it; what is served is seen all the same', async () => {
    expect(await pinged(peers, engine(peers))).toEqual({
      kind: 'refused',
      alert: 'certificate required',
      served: peers.server.certificate,
    });
  });

  test("over TLS 1.2, by Go's bad_certificate; what is served is seen all the same", async () => {
    const { certificate, key } = peers.server;
    const pair = { certificate: certificate.pem, key: key.reveal() };
    const authority = peers.ours.generations[0].certificate.pem;
    const front = createServer(createAlertingFront(createHttpServer(), pair, authority));
    expect(await pinged(peers, front)).toEqual({
      kind: 'refused',
      alert: 'bad certificate',
      served: peers.server.certificate,
    });
  });

  test('but a handshake failure speaks of no certificate, and is no refusal', async () => {
    expect(await pinged(peers, engine(peers, { maxVersion: 'TLSv1.2' }))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('SSL alert number 40'),
    });
  });
});

test('an engine that demands nothing accepts whoever comes', async () => {
  const result = await pinged(peers, engine(peers, { requestCert: false }));
  expect(result).toMatchObject({ kind: 'accepted', status: 200 });
});

test('every status is an answer', async () => {
  const result = await pinged(peers, engine(peers, {}, 403), { identity: peers.client });
  expect(result).toMatchObject({ kind: 'accepted', status: 403 });
});
