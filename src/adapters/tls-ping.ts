import { request } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { readCertificate, type Certificate } from '../authority/certificate.ts';
import type { PingResult, TlsPing } from '../ports/network.ts';
import { printable } from '../report/printable.ts';

/**
 * Sends one GET, of `/_ping` unless another path is asked, over TLS on a connected stream and says how it was received. Never rejects; the stream is closed.
 *
 * With TLS 1.3 a client learns only when it reads that its certificate is refused, so the request decides and not
 * the handshake.
 */
export async function ping(stream: Duplex, options: TlsPing): Promise<PingResult> {
  stream.on('error', () => undefined);
  let socket: TLSSocket | undefined;
  let served: Certificate | undefined;
  try {
    socket = open(stream, options, (certificate) => {
      served = certificate;
    });
    const status = await get(socket, options.path ?? '/_ping', options.timeoutMs);
    return { kind: 'accepted', status, served };
  } catch (error) {
    return { ...verdict(error), served };
  } finally {
    socket?.destroy();
    stream.destroy();
  }
}

function open(
  stream: Duplex,
  { address, trusted, identity }: TlsPing,
  onCertificate: (certificate: Certificate | undefined) => void,
): TLSSocket {
  const socket = connect({
    socket: stream,
    host: address,
    // An IP address is no server name (RFC 6066, section 3); it is checked against the certificate all the same.
    servername: isIP(address) === 0 ? address : '',
    ...(trusted ? { ca: trusted.map(({ pem }) => pem) } : { rejectUnauthorized: false }),
    ...(identity ? { cert: identity.certificate.pem, key: identity.key.reveal() } : {}),
  });
  const look = (): void => {
    // Not getPeerX509Certificate, which takes the certificate out of the chain that is still to be checked.
    const shown = socket.getPeerCertificate() as Partial<PeerCertificate> | null;
    if (shown?.raw) onCertificate(readCertificate(shown.raw));
  };
  // Up to TLS 1.2 a server refuses a client before the handshake is over, but after the keys are agreed upon, and by
  // then its certificate was seen. What the event tells, the keys themselves, is not for us.
  socket.on('keylog', () => look());
  socket.once('secureConnect', look);
  return socket;
}

function get(socket: TLSSocket, path: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SilenceError(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    // Stays registered: an error that comes after the verdict must not be thrown.
    socket.on('error', fail);
    const call = request(
      { createConnection: () => socket, path, headers: { host: 'docker' } },
      (response) => {
        clearTimeout(timer);
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on('error', fail);
    call.end();
  });
}

/** TLS alerts that speak of the client's certificate, by number (RFC 8446, section 6): their names differ by version. */
const CERTIFICATE_ALERTS: ReadonlyMap<string, string> = new Map([
  ['42', 'bad certificate'],
  ['43', 'unsupported certificate'],
  ['44', 'certificate revoked'],
  ['45', 'certificate expired'],
  ['46', 'certificate unknown'],
  ['48', 'unknown CA'],
  ['49', 'access denied'],
  ['116', 'certificate required'],
]);

class SilenceError extends Error {}

function verdict(error: unknown) {
  const { message } = error as Error;
  if (error instanceof SilenceError) return { kind: 'failed', reason: message, isSilent: true } as const;
  const alert = CERTIFICATE_ALERTS.get(/SSL alert number (\d+)/.exec(message)?.[1] ?? '');
  return alert === undefined
    ? ({ kind: 'failed', reason: printable(message) } as const)
    : ({ kind: 'refused', alert } as const);
}
