import { createServer, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { LocalForward } from '../ports/network.ts';
import type { RemoteHost } from '../ports/remote-host.ts';

/**
 * Opens a random loopback port of this machine that leads through SSH to a port as seen from the host.
 * A connection that the host cannot make is closed.
 */
export async function forwardLocally(host: RemoteHost, target: string, port: number): Promise<LocalForward> {
  // Half open: a client that has said all it has to say still waits for the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    void host.dial(target, port).then((dialled) => {
      if (dialled.kind !== 'connected') socket.destroy();
      else {
        pipeline(socket, dialled.stream, () => undefined);
        pipeline(dialled.stream, socket, () => undefined);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
    },
  };
}
