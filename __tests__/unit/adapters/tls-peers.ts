import { createServer, type ServerOptions } from 'node:https';
import type { Server } from 'node:net';
import { expect } from '@jest/globals';
import { ping } from '../../../src/adapters/tls-ping.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { PingResult, TlsPing } from '../../../src/ports/network.ts';
import { clientFor, daysFrom, newAuthority, nodeSpec, serverFor } from '../../support/fakes.ts';
import { connectedTo, listening } from './loopback.ts';

export const now = new Date();
export const spec = nodeSpec({ address: '127.0.0.1', sans: ['localhost', '::1'] });

/** Who meets in a handshake: our engine and client, and a CA of somebody else. */
export type Peers = {
  readonly ours: Authority;
  readonly theirs: Authority;
  readonly server: Identity;
  readonly client: Identity;
};

export async function makePeers(): Promise<Peers> {
  const ours = await newAuthority(daysFrom(now, -100));
  const stranger = {
    algorithm: 'ecdsa-p256',
    days: 1000,
    now: daysFrom(now, -1),
    commonName: 'strangers',
  } as const;
  const [theirs, server, client] = await Promise.all([
    createAuthority(stranger),
    serverFor(spec, ours, now),
    clientFor('probe', ours, now),
  ]);
  return { ours, theirs, server, client };
}

/** An engine by Node: it demands a client certificate of our authority and answers every request with the status. */
export function engine({ ours, server }: Peers, options: ServerOptions = {}, status = 200): Server {
  const base = {
    cert: server.certificate.pem,
    key: server.key.reveal(),
    ca: ours.generations[0].certificate.pem,
    requestCert: true,
    rejectUnauthorized: true,
  };
  return createServer({ ...base, ...options }, (_, response) => response.writeHead(status).end('OK'));
}

/** Pings a port, or a server that is opened for it; the server must be our engine unless `request` says otherwise. */
export async function pinged(
  { ours }: Peers,
  to: Server | number,
  request: Partial<TlsPing> = {},
): Promise<PingResult> {
  const stream = await connectedTo(typeof to === 'number' ? to : await listening(to));
  const trusted = trustedCertificates(ours);
  const result = await ping(stream, { address: '127.0.0.1', trusted, timeoutMs: 5000, ...request });
  expect(stream.destroyed).toBe(true);
  if (typeof to !== 'number') to.close();
  return result;
}
