import ssh2 from 'ssh2';
import { ActionError } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import type { Clock } from '../ports/clock.ts';
import { hostKeyFromBlob, VERIFIABLE_TYPES, type HostKey } from '../ssh/host-key.ts';
import { countdown } from './countdown.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';
import { closedEarly, connectionFailure } from './ssh-failure.ts';
import type { Approach } from './ssh-login.ts';
import { retried } from './ssh-retry.ts';

/**
 * The keys of all verifiable types that a host offers, at least one. A server shows one key a connection, so there is one
 * for each type, which ends with the key exchange: no user is named and nothing is authenticated. Rejects with
 * ActionError, which is an UnreachableError at the third attempt or when `limitMs` is over.
 */
export async function scanHostKeys(
  address: SshAddress,
  approach: Approach,
  limitMs: number,
  clock: Clock,
): Promise<readonly HostKey[]> {
  const wholeMs = countdown(limitMs);
  const scan = (type: string) =>
    retried((leftMs) => offered(address, type, approach, leftMs), wholeMs(), clock);
  const [first = '', ...rest] = VERIFIABLE_TYPES;
  // The others only call a host that answers. Four at once are well below what sshd's MaxStartups lets in, and five
  // without a login below what its PerSourcePenalties forgives.
  const keys = [await scan(first), ...(await Promise.all(rest.map(scan)))].filter((key) => key !== undefined);
  if (keys.length > 0) return keys;
  throw new ActionError({
    message: `ssh: ${address.host} port ${address.port} offers no host key of a type that can be verified`,
    hint: `let it have one of ${VERIFIABLE_TYPES.join(', ')}: ssh-keygen -A`,
  });
}

/** The host's key of one type; `undefined` where it has none. */
async function offered(
  address: SshAddress,
  type: string,
  approach: Approach,
  limitMs: number,
): Promise<HostKey | undefined> {
  const leftMs = countdown(limitMs);
  const sock = await approach(leftMs());
  const client = new ssh2.Client();
  let shown: HostKey | undefined;
  return new Promise((resolve, reject) => {
    const end = (error: ActionError): void => {
      client.destroy();
      reject(error);
    };
    const hungUp = (): void => end(closedEarly(address));
    client.once('end', hungUp).once('close', hungUp);
    client.on('error', (error: Error & { level?: string }) => {
      client.destroy();
      if (shown) resolve(shown);
      else if (error.level === 'handshake' && /host key/i.test(error.message)) resolve(undefined);
      else end(connectionFailure(address, error));
    });
    client.connect({
      ...(sock ? { sock } : { host: address.host, port: address.port }),
      // Never sent: the connection ends before anybody logs in.
      username: 'nobody',
      readyTimeout: leftMs(),
      algorithms: { serverHostKey: signatureAlgorithms(type) },
      hostVerifier: (blob: Buffer): boolean => {
        shown = hostKeyFromBlob(Buffer.from(blob));
        return false;
      },
    });
  });
}
