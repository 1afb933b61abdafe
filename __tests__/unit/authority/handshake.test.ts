import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  connect,
  type ConnectionOptions,
  createServer,
  type SecureVersion,
  type Server,
  type TlsOptions,
  type TLSSocket,
} from 'node:tls';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { type Authority, trustedCertificates } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { readCertificate } from '../../../src/authority/certificate.ts';
import { type Identity, issueIdentity } from '../../../src/authority/issue.ts';
import type { KeyAlgorithm } from '../../../src/inputs/request.ts';

const now = new Date();

describe.each<KeyAlgorithm>(['ecdsa-p256', 'rsa-2048'])('with %s', (algorithm) => {
  let ours: Authority;
  let server: Identity;
  let client: Identity;
  let stranger: Identity;

  beforeAll(async () => {
    ours = await createAuthority({ algorithm, days: 3650, now });
    const policy = { algorithm, lifetime: { minutes: 5 }, now } as const;
    const theirs = await createAuthority({ algorithm, days: 3650, now });
    server = await issueIdentity(
      ours,
      { kind: 'server', name: 'node1', sans: ['127.0.0.1', 'node1'] },
      policy,
    );
    client = await issueIdentity(ours, { kind: 'client', name: 'node1' }, policy);
    stranger = await issueIdentity(theirs, { kind: 'client', name: 'node1' }, policy);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('both sides accept each other over %s', async (version) => {
    expect(await exchange(credentials(server, ours), credentials(client, ours), version)).toEqual({
      server: 'accepted',
      client: { greeting: 'CN=shipyard@node1', served: server.certificate.serial },
    });
  });

  test('the server does not take a client of another CA, nor one with a server certificate', async () => {
    const verdict = async (identity: Identity) =>
      (await exchange(credentials(server, ours), credentials(identity, ours), 'TLSv1.3')).server;

    expect(await verdict(stranger)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(await verdict(server)).toBe('INVALID_PURPOSE');
  });

  test('the client refuses a server that serves a client certificate', async () => {
    const outcome = await exchange(credentials(client, ours), credentials(client, ours), 'TLSv1.3');

    expect(outcome.client).toBe('INVALID_PURPOSE');
  });
});

function credentials({ certificate, key }: Identity, authority: Authority): TlsOptions & ConnectionOptions {
  return { cert: certificate.pem, key: key.reveal(), ca: pems(authority) };
}

function pems(authority: Authority): string[] {
  return trustedCertificates(authority).map(({ pem }) => pem);
}

/** What the server made of the client, which it greets by name, and what the client heard and was served. */
async function exchange(serverSide: TlsOptions, clientSide: ConnectionOptions, version: SecureVersion) {
  const server = createServer({ ...serverSide, requestCert: true, rejectUnauthorized: false }, (socket) => {
    socket.end(`CN=${String(socket.getPeerCertificate().subject.CN)}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const versions = { minVersion: version, maxVersion: version };
  const client = connect({ ...clientSide, ...versions, host: '127.0.0.1', port });
  try {
    const [served, heard] = await Promise.all([verdictOf(server), greetingFrom(client)]);
    return { server: served, client: heard };
  } finally {
    client.destroy();
    server.close();
  }
}

/** `accepted`, or why the client's certificate is not. */
function verdictOf(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.once('secureConnection', ({ authorized, authorizationError }) =>
      resolve(authorized ? 'accepted' : String(authorizationError)),
    );
    server.once('tlsClientError', ({ message }) => resolve(message));
  });
}

async function greetingFrom(client: TLSSocket) {
  try {
    await once(client, 'secureConnect');
    const served = readCertificate(client.getPeerX509Certificate()?.raw ?? '')?.serial;
    let greeting = '';
    for await (const chunk of client) greeting += String(chunk);
    return { greeting, served };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
