import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { NodeSpec } from '../../../src/inventory/node-spec.ts';
import { clientFor, daysFrom, newAuthority, nodeSpec, serverFor } from '../../support/fakes.ts';
import type { OpenSsl } from '../../support/openssl.ts';

export const now = new Date();
const address = '127.0.0.1';
const spec = nodeSpec({ address });

/** A kind of listener: what makes it, what a check must find, and how openssl judges what it serves. */
export type Kind = {
  readonly name: string;
  readonly make: () => Server;
  readonly found: readonly string[];
  /** The certificate that it serves, and what `openssl verify` says of it. */
  readonly leaf?: string;
  readonly openssl?: string;
};

export type Pair = { readonly cert: string; readonly key: string };

/** Every kind of listener that a check may meet, and the authority that it is to trust. */
export async function kinds(openssl: OpenSsl): Promise<{ ours: Authority; kinds: readonly Kind[] }> {
  const ours = await newAuthority(daysFrom(now, -400));
  const stranger = {
    algorithm: 'ecdsa-p256',
    days: 900,
    now: daysFrom(now, -1),
    commonName: 'strangers',
  } as const;
  const theirs = await createAuthority(stranger);
  const ca = ours.generations[0].certificate.pem;
  const client = await clientFor('a client', ours, now);
  const pair = async (from: number, issuer = ours, at = spec): Promise<Pair> =>
    pairOf(await serverFor(at, issuer, daysFrom(now, from), 180));
  const engine = (
    name: string,
    own: Pair,
    openssl: string,
    found: readonly string[],
    options: ServerOptions = {},
  ): Kind => ({
    ...{ name, found, openssl, leaf: own.cert },
    make: () =>
      createHttpsServer(
        { ...own, ca, requestCert: true, rejectUnauthorized: true, ...options },
        (_, response) => response.end('OK'),
      ),
  });
  const good = await pair(0);
  return {
    ours,
    kinds: [
      engine('good', good, 'OK', []),
      // Node refuses with an alert that speaks of no certificate; Go, and so Docker, does not.
      engine('handshake failure', good, 'OK', ['not-refused'], { maxVersion: 'TLSv1.2' }),
      engine('open to all', good, 'OK', ['open'], { requestCert: false }),
      engine('expired', await pair(-200), 'certificate has expired', ['expired']),
      engine('ends in 5 days', await pair(-175), 'OK', ['expiring!']),
      engine('ends in 20 days', await pair(-160), 'OK', ['expiring']),
      engine('self-signed', selfSigned(openssl), 'self-signed certificate', ['self-signed']),
      engine('foreign', await pair(0, theirs), 'unable to get local issuer certificate', ['wrong-issuer']),
      engine(
        'of another node',
        await pair(0, ours, nodeSpec({ address: '10.9.9.9' })),
        'IP address mismatch',
        ['wrong-name'],
      ),
      engine("a client's", pairOf(client), 'unsuitable certificate purpose', ['wrong-name', 'wrong-purpose']),
      { name: 'silent', make: () => createServer(() => undefined), found: ['silent'] },
      {
        name: 'http',
        make: () => createHttpServer((_, response) => response.end('plain')),
        found: ['not-tls'],
      },
      {
        name: 'banner',
        make: () => createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')),
        found: ['not-tls'],
      },
      { name: 'hang-up', make: () => createServer((socket) => socket.destroy()), found: ['not-tls'] },
    ],
  };
}

function pairOf({ certificate, key }: Identity): Pair {
  return { cert: certificate.pem, key: key.reveal() };
}

function selfSigned(openssl: OpenSsl): Pair {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90'];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl.run('req', '-x509', ...curve, ...names, '-keyout', 'self.key', '-out', 'self.pem');
  return { cert: openssl.read('self.pem'), key: openssl.read('self.key') };
}

/** Opens a listener of a kind; the node that it is, and how to close it with all its connections. */
export async function listener(
  kind: Kind,
  index: number,
): Promise<{ readonly spec: NodeSpec; readonly kind: Kind; readonly close: () => void }> {
  const server = kind.make();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    spec: nodeSpec({ name: `node${index + 1}`, address, enginePort: port }),
    kind,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
