import { connect } from 'node:net';
import type { Dialled } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';

/** Opens a TCP connection from this machine. Never rejects. */
export function dial(host: string, port: number, timeoutMs: number): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ kind: 'unreachable', reason: `no answer within ${timeoutMs / 1000} s` });
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve({ kind: 'connected', stream: socket });
    });
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // There is no message where a name has several addresses and none of them answers.
      const reason = printable(message || `connect ${code ?? 'failed'} ${host}:${port}`);
      resolve({ kind: code === 'ECONNREFUSED' ? 'closed' : 'unreachable', reason });
    });
  });
}
