import dns from 'node:dns';
import { once } from 'node:events';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { jest } from '@jest/globals';

/** Lets a server listen on a random port of loopback. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export async function connectedTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Makes every name one that has these addresses, until the mock is restored. */
export function hasAddresses(...addresses: readonly string[]) {
  const found = addresses.map((address) => ({ address, family: 4 }));
  const lookup = (_host: string, _options: object, answer: (error: null, all: typeof found) => void): void =>
    answer(null, found);
  return jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
}
