import { PassThrough } from 'node:stream';
import type { LocalForward, Network, PingResult, TlsPing } from '../../src/ports/network.ts';
import type { HostKey } from '../../src/ssh/host-key.ts';
import type { Dialled, RemoteHost } from '../../src/ports/remote-host.ts';

/** An open connection that carries nothing. */
export function connected(): Dialled {
  return { kind: 'connected', stream: new PassThrough() };
}

/** A network in which engines answer as the test says; it has no SSH. */
export class FakeNetwork implements Network {
  readonly pings: TlsPing[] = [];
  readonly #answer: (request: TlsPing) => PingResult;
  readonly #dial: () => Dialled;

  constructor(answer: (request: TlsPing) => PingResult, dial: () => Dialled = connected) {
    this.#answer = answer;
    this.#dial = dial;
  }

  checkCredentials(): void {
    // Every key is good here.
  }

  ssh(): Promise<RemoteHost> {
    return Promise.reject(new Error('no SSH in this test'));
  }

  hostKeys(): Promise<readonly HostKey[]> {
    return Promise.reject(new Error('no SSH in this test'));
  }

  dial(): Promise<Dialled> {
    return Promise.resolve(this.#dial());
  }

  forward(): Promise<LocalForward> {
    return Promise.reject(new Error('no forwarding in this test'));
  }

  ping(_stream: unknown, request: TlsPing): Promise<PingResult> {
    this.pings.push(request);
    return Promise.resolve(this.#answer(request));
  }
}
