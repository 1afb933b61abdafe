import type ssh2 from 'ssh2';
import type { Dialled } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';
import { messageOf } from '../errors.ts';

/** Opens a TCP connection from the host at the other end of an SSH connection. Never rejects. */
export function dialFrom(client: ssh2.Client, host: string, port: number, limitMs: number): Promise<Dialled> {
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      resolve({ kind: 'unreachable', reason: 'the SSH server did not answer the request to forward' });
    }, limitMs);
    const settle = (dialled: Dialled): void => {
      clearTimeout(timer);
      if (isLate && dialled.kind === 'connected') dialled.stream.destroy();
      else resolve(dialled);
    };
    try {
      client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
        settle(error ? refusal(error) : { kind: 'connected', stream });
      });
    } catch (error) {
      // ssh2 throws at once when the connection is gone.
      settle({
        kind: 'unreachable',
        reason: printable(messageOf(error)),
      });
    }
  });
}

/** RFC 4254, section 5.1: 1 is "administratively prohibited", 2 "connect failed", 3 "unknown channel type". */
function refusal(error: Error & { reason?: number | string }): Dialled {
  const reason = Number(error.reason);
  if (reason === 1 || reason === 3) return { kind: 'forbidden' };
  return { kind: reason === 2 ? 'closed' : 'unreachable', reason: printable(error.message) };
}
