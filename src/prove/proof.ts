import type { Authority } from '../authority/authority.ts';
import { trustedCertificates } from '../authority/authority.ts';
import type { Certificate } from '../authority/certificate.ts';
import type { Identity } from '../authority/issue.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Network, PingResult, TlsPing } from '../ports/network.ts';
import type { Dialled, RemoteHost } from '../ports/remote-host.ts';

/** What the engine port did: the only evidence that counts. */
export type Proof =
  /** `served` is ours; absent where none of ours was to be served any more. */
  | { readonly kind: 'proved'; readonly served: Certificate | undefined }
  /** `final`: the port is open to those who must be refused, and nobody waits for that to get better. */
  | { readonly kind: 'failed'; readonly reason: string; readonly final: boolean };

/** The way by which the engine port of a node is reached to prove it. */
export type EngineRoute = () => Promise<Dialled>;

export type Witnesses = {
  /** Clients that must be let in: one of each CA that is trusted. */
  readonly ours: readonly Identity[];
  /** Clients of CAs that are not trusted, or not any more; they must be refused. */
  readonly foreign: readonly Identity[];
};

const PING_TIMEOUT_MS = 10_000;

/**
 * Proves on the wire that the engine serves the expected certificate under its own name, answers our clients, and
 * refuses a client without a certificate and those of other CAs. Anything but a TLS alert is no refusal.
 */
export async function prove(
  network: Network,
  route: EngineRoute,
  spec: NodeSpec,
  authority: Authority,
  witnesses: Witnesses,
  expectedSerial: string,
): Promise<Proof> {
  const trusted = trustedCertificates(authority);
  const attempt = async (identity?: Identity): Promise<PingResult> =>
    pingEngine(network, route, { address: spec.address, ...(identity ? { identity } : {}), trusted });
  const [ours, nobody, foreign] = await Promise.all([
    Promise.all(witnesses.ours.map(attempt)),
    attempt(),
    Promise.all(witnesses.foreign.map(attempt)),
  ]);
  if ([nobody, ...foreign].some(({ kind }) => kind === 'accepted'))
    return { kind: 'failed', reason: 'the engine answered a client that must be refused', final: true };
  for (const one of ours) {
    const fault = faultOf(one, expectedSerial);
    if (fault) return fault;
  }
  if (nobody.kind !== 'refused') return failed('a client without a certificate was not refused', nobody);
  const open = foreign.find(({ kind }) => kind !== 'refused');
  if (open) return failed('a client of another CA was not refused', open);
  return { kind: 'proved', served: ours[0]?.served };
}

/** What is wrong with how our client was received. */
function faultOf(ours: PingResult, expectedSerial: string): Proof | undefined {
  if (ours.kind !== 'accepted') return failed('the engine did not answer our client', ours);
  if (ours.status !== 200)
    return { kind: 'failed', reason: `/_ping answered ${ours.status} instead of 200`, final: false };
  if (ours.served?.serial !== expectedSerial)
    return {
      kind: 'failed',
      reason: `the engine serves certificate ${ours.served?.serial ?? 'unknown'}, expected ${expectedSerial}`,
      final: false,
    };
  return undefined;
}

/** What a client without a certificate sees on the engine port. */
export type Served = {
  /** The certificate that the port serves, whoever issued it; absent when nothing serves TLS there. */
  readonly certificate: Certificate | undefined;
  /** Whether the client was refused for want of a certificate. */
  readonly demandsClient: boolean;
};

/** Looks at the engine port as a client without a certificate. Never rejects. */
export async function lookAtPort(network: Network, route: EngineRoute, spec: NodeSpec): Promise<Served> {
  const seen = await pingEngine(network, route, { address: spec.address });
  return { certificate: seen.served, demandsClient: seen.kind === 'refused' };
}

/**
 * Through SSH to the address that the engine is bound to: no firewall is in between, and no port need be open. A set-up
 * of somebody else may be bound to the node's own address alone, so that is tried where the loopback is closed.
 */
export function throughSsh(host: RemoteHost, { listen, address, enginePort }: NodeSpec): EngineRoute {
  return async () => {
    const bound = await host.dial(listen ?? '127.0.0.1', enginePort);
    if (bound.kind !== 'closed') return bound;
    const own = await host.dial(address, enginePort);
    return own.kind === 'connected' ? own : bound;
  };
}

/** From this machine, where the SSH server forwards nothing. */
export function directly(network: Network, { address, enginePort }: NodeSpec): EngineRoute {
  return () => network.dial(address, enginePort, PING_TIMEOUT_MS);
}

/** One request on a connection of its own; `/_ping` where no other path is given. */
export async function pingEngine(
  network: Network,
  route: EngineRoute,
  request: Omit<TlsPing, 'timeoutMs'>,
): Promise<PingResult> {
  const dialled = await route();
  if (dialled.kind === 'connected')
    return network.ping(dialled.stream, { ...request, timeoutMs: PING_TIMEOUT_MS });
  const reason = dialled.kind === 'forbidden' ? 'the SSH server forwards nothing' : dialled.reason;
  return { kind: 'failed', reason, served: undefined };
}

function failed(what: string, result: PingResult): Proof {
  const detail =
    result.kind === 'failed'
      ? result.reason
      : result.kind === 'refused'
        ? `it was refused: ${result.alert}`
        : `/_ping answered ${result.status}`;
  return { kind: 'failed', reason: `${what}: ${detail}`, final: false };
}
