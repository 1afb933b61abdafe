import type { SshCredentials } from '../inputs/request.ts';
import type { Identity } from '../authority/issue.ts';
import type { Certificate } from '../authority/certificate.ts';
import type { HostKey } from '../ssh/host-key.ts';
import type { SshRoute } from '../ssh/route.ts';
import type { Duplex } from 'node:stream';
import type { Dialled, RemoteHost } from './remote-host.ts';

/** Opens connections; everything that the action says to other machines goes through here. */
export type Network = {
  /** Checks the private keys before any host is called. Throws InputError that names the input. */
  checkCredentials(credentials: SshCredentials): void;
  /**
   * Logs in over SSH, through the jump hosts of the route, which are logged in to once for all. Only key types that are
   * known for a host are negotiated. Rejects with ActionError that tells apart: unknown or different host key, refused
   * login, forwarding forbidden by a jump host, unreachable, which is found after `limitMs` at the latest; and that
   * names the host of which it is true.
   */
  ssh(route: SshRoute, credentials: SshCredentials, limitMs: number): Promise<RemoteHost>;
  /**
   * The host keys that an SSH server offers, at least one. Only jump hosts are logged in to, for which the credentials
   * are. Rejects with ActionError, after `limitMs` at the latest.
   */
  hostKeys(
    route: SshRoute,
    credentials: SshCredentials | undefined,
    limitMs: number,
  ): Promise<readonly HostKey[]>;
  /** Opens a TCP connection from this machine. Never rejects. */
  dial(host: string, port: number, timeoutMs: number): Promise<Dialled>;
  /** Opens a random loopback port of this machine that leads to a port as seen from the host. */
  forward(host: RemoteHost, target: string, port: number): Promise<LocalForward>;
  /** Sends one GET, of `/_ping` unless another path is asked, over TLS on a connected stream, which it closes. Never rejects. */
  ping(stream: Duplex, request: TlsPing): Promise<PingResult>;
};

export type LocalForward = {
  readonly port: number;
  close(): void;
};

export type TlsPing = {
  /** The name or IP address that the server's certificate must carry. */
  readonly address: string;
  /** The CAs that may have issued the server's certificate; the handshake accepts any certificate when absent. */
  readonly trusted?: readonly Certificate[];
  readonly identity?: Identity;
  readonly path?: string;
  readonly timeoutMs: number;
};

/** What a TLS client met on the engine port. `served` is the server's certificate, where one was seen. */
export type PingResult =
  | { readonly kind: 'accepted'; readonly status: number; readonly served: Certificate | undefined }
  /** The server sent a TLS alert about the client's certificate: the only thing that counts as a refusal. */
  | { readonly kind: 'refused'; readonly alert: string; readonly served: Certificate | undefined }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Where the server said nothing until the time was up. */
      readonly isSilent?: true;
      readonly served: Certificate | undefined;
    };
