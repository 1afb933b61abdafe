import type { Duplex } from 'node:stream';
import type ssh2 from 'ssh2';
import { ActionError, UnreachableError } from '../errors.ts';
import type { SshCredentials } from '../inputs/request.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import type { SshHop, SshRoute } from '../ssh/route.ts';
import { countdown } from './countdown.ts';
import { dialFrom } from './ssh-dial.ts';
import { logIn, type Approach } from './ssh-login.ts';

/** The way through jump hosts to one server. */
export type Way = {
  /** Opens a stream to the server; `undefined` where it is called directly. Rejects with ActionError. */
  readonly open: Approach;
  /** Says that nothing more goes this way, neither a new stream nor one that is open. */
  readonly leave: () => void;
};

/**
 * The connections to jump hosts. However many servers are reached through one, it is logged in to once (sshd's
 * MaxSessions limits sessions, not forwarded connections), and the connection ends when the last way through it is
 * left. One that was lost is opened anew by the next stream; one that was refused is not tried again.
 */
export class JumpHosts {
  readonly #jumps = new Map<string, JumpHost>();

  wayTo({ address, jumps }: SshRoute, credentials: SshCredentials): Way {
    const last = jumps.at(-1);
    if (!last) return { open: directly, leave: () => undefined };
    const name = JSON.stringify(jumps.map((jump) => jump.address));
    const jump = this.#jumps.get(name) ?? this.#jumpHost({ ...last, jumps: jumps.slice(0, -1) }, credentials);
    this.#jumps.set(name, jump);
    jump.ways += 1;
    let isLeft = false;
    return {
      open: (limitMs) => jump.dial(address, limitMs),
      leave: () => {
        if (isLeft) return;
        isLeft = true;
        jump.ways -= 1;
        if (jump.ways > 0) return;
        if (!jump.isRefused) this.#jumps.delete(name);
        jump.close();
      },
    };
  }

  #jumpHost(route: SshRoute, credentials: SshCredentials): JumpHost {
    const way = this.wayTo(route, credentials);
    return new JumpHost(route, (limitMs) => logIn(route, credentials, way.open, limitMs), way.leave);
  }
}

/** No jump host is in between. */
export const directly: Approach = () => Promise.resolve(undefined);

class JumpHost {
  ways = 0;
  /** It does not let us in, and is not asked again, whoever is behind it: that is how addresses get banned. */
  isRefused = false;
  readonly #hop: SshHop;
  readonly #logIn: (limitMs: number) => Promise<ssh2.Client>;
  readonly #leave: () => void;
  #client: Promise<ssh2.Client> | undefined;

  constructor(hop: SshHop, login: (limitMs: number) => Promise<ssh2.Client>, leave: () => void) {
    this.#hop = hop;
    this.#logIn = login;
    this.#leave = leave;
  }

  async dial({ host, port }: SshAddress, limitMs: number): Promise<Duplex> {
    const leftMs = countdown(limitMs);
    const client = await this.#connected(leftMs()).catch((error: unknown) => {
      throw onTheWay(error, `${host} port ${port}`);
    });
    const dialled = await dialFrom(client, host, port, leftMs());
    if (dialled.kind === 'connected') return dialled.stream;
    throw dialled.kind === 'forbidden'
      ? this.#forbidden(host, port)
      : this.#blocked(host, port, dialled.reason);
  }

  close(): void {
    void this.#client?.then(
      (client) => client.end(),
      () => undefined,
    );
    this.#leave();
  }

  /** One login at a time, for all who ask meanwhile. A connection that ended is forgotten, but not a refusal. */
  #connected(limitMs: number): Promise<ssh2.Client> {
    if (this.#client) return this.#client;
    const opened = this.#logIn(limitMs);
    const forget = (): void => {
      if (this.#client === opened) this.#client = undefined;
    };
    this.#client = opened;
    opened.then(
      (client) => client.once('close', forget),
      (error: unknown) => {
        if (error instanceof UnreachableError) forget();
        else this.isRefused = true;
      },
    );
    return opened;
  }

  #forbidden(host: string, port: number): ActionError {
    return new ActionError({
      message: `ssh: the jump host ${this.#hop.address.host} forbids TCP forwarding to ${host} port ${port}`,
      hint: 'set AllowTcpForwarding yes (or local) in its sshd_config, and look at its PermitOpen and at restrict in authorized_keys',
    });
  }

  #blocked(host: string, port: number, reason: string): UnreachableError {
    return new UnreachableError({
      message: `ssh: the jump host ${this.#hop.address.host} cannot reach ${host} port ${port}: ${reason}`,
      hint: 'check the address as the jump host sees it, that sshd runs there, and that a firewall lets the jump host in',
    });
  }
}

/** Which host could not be reached since its jump host failed; the kind of error stays, since it tells of a retry. */
function onTheWay(error: unknown, destination: string): unknown {
  if (!(error instanceof ActionError)) return error;
  const { message, hint } = error;
  const explanation = { message: `on the way to ${destination}: ${message}`, hint, cause: error };
  return error instanceof UnreachableError ? new UnreachableError(explanation) : new ActionError(explanation);
}
