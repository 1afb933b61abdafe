import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { ActionError } from '../errors.ts';
import type { SshCredentials } from '../inputs/request.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import { hostKeyFromBlob, type HostKey, type HostKeys } from '../ssh/host-key.ts';
import { differentKey, revokedKey, unknownKey } from '../ssh/host-key-error.ts';
import type { SshHop } from '../ssh/route.ts';
import { openKeys } from './ssh-key.ts';
import { countdown } from './countdown.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';
import { closedEarly, connectionFailure } from './ssh-failure.ts';

/** A peer that vanished is noticed after three unanswered messages. */
const KEEPALIVE_MS = 10_000;

/** Opens a stream to an SSH server through a jump host; `undefined` where it is called directly. */
export type Approach = (limitMs: number) => Promise<Duplex | undefined>;

/**
 * Logs in once to an SSH server whose key is among the trusted ones. Rejects with ActionError, which is an
 * UnreachableError where the server could not be reached.
 *
 * ssh2 accepts every host unless the verifier answers at once (a promise counts as yes), so the verifier is
 * synchronous, and only the types of the known keys are negotiated: else a host would show us another key.
 */
export async function logIn(
  { address, keys }: SshHop,
  credentials: SshCredentials,
  approach: Approach,
  limitMs: number,
): Promise<ssh2.Client> {
  const leftMs = countdown(limitMs);
  const attempt = await handshake(address, keys, credentials, await approach(leftMs()), leftMs());
  if (attempt.kind === 'connected') return attempt.client;
  if (attempt.kind === 'no-common-key-type') {
    // The host has keys of other types only; ask for whatever it shows, to be able to print it.
    const none = { trusted: [], revoked: keys.revoked };
    const second = await handshake(address, none, credentials, await approach(leftMs()), leftMs());
    if (second.kind === 'connected') second.client.destroy();
    if (second.kind === 'refused-key') throw hostKeyError(address, second.offered, keys);
    throw attempt.error;
  }
  throw attempt.kind === 'refused-key' ? hostKeyError(address, attempt.offered, keys) : attempt.error;
}

type Handshake =
  | { readonly kind: 'connected'; readonly client: ssh2.Client }
  | { readonly kind: 'refused-key'; readonly offered: HostKey }
  | { readonly kind: 'no-common-key-type'; readonly error: ActionError }
  | { readonly kind: 'failed'; readonly error: ActionError };

function handshake(
  address: SshAddress,
  keys: HostKeys,
  credentials: SshCredentials,
  sock: Duplex | undefined,
  limitMs: number,
): Promise<Handshake> {
  const client = new ssh2.Client();
  const types = keys.trusted.flatMap(({ type }) => signatureAlgorithms(type));
  let refused: HostKey | undefined;
  return new Promise((resolve) => {
    const hungUp = (): void => {
      client.destroy();
      resolve({ kind: 'failed', error: closedEarly(address) });
    };
    // A server that hangs up between its greeting and the login causes no error.
    client.once('end', hungUp).once('close', hungUp);
    // Else every question that follows another waits 40 ms for the acknowledgement that its host delays (RFC 896, 1122).
    client.once('connect', () => client.setNoDelay(true));
    client.once('ready', () => {
      client.off('end', hungUp).off('close', hungUp);
      resolve({ kind: 'connected', client });
    });
    // Stays registered: an error of an open connection also reaches whoever waits on it, and must not be thrown here.
    client.on('error', (error: Error & { level?: string }) => {
      client.destroy();
      if (refused) resolve({ kind: 'refused-key', offered: refused });
      else if (error.level === 'handshake' && /host key/i.test(error.message) && types.length > 0)
        resolve({ kind: 'no-common-key-type', error: connectionFailure(address, error) });
      else resolve({ kind: 'failed', error: connectionFailure(address, error) });
    });
    client.connect({
      ...(sock ? { sock } : { host: address.host, port: address.port }),
      username: address.user,
      authHandler: openKeys(credentials).map((key) => ({
        type: 'publickey' as const,
        username: address.user,
        key,
      })),
      readyTimeout: limitMs,
      keepaliveInterval: KEEPALIVE_MS,
      ...(types.length > 0 ? { algorithms: { serverHostKey: types } } : {}),
      hostVerifier: (blob: Buffer): boolean => {
        const known = (key: HostKey): boolean => key.blob.equals(blob);
        const accepted = keys.trusted.some(known) && !keys.revoked.some(known);
        if (!accepted) refused = hostKeyFromBlob(Buffer.from(blob));
        return accepted;
      },
    });
  });
}

function hostKeyError(address: SshAddress, offered: HostKey, keys: HostKeys): ActionError {
  if (keys.revoked.some(({ blob }) => blob.equals(offered.blob))) return revokedKey(address, offered);
  return keys.trusted.length === 0 ? unknownKey(address, offered) : differentKey(address, offered, keys);
}
