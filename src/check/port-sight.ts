import type { LimitFunction } from 'p-limit';
import type { Certificate } from '../authority/certificate.ts';
import { ActionError } from '../errors.ts';
import type { CheckRequest, SshCredentials } from '../inputs/request.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Network, PingResult } from '../ports/network.ts';
import { throughSsh, type EngineRoute } from '../prove/proof.ts';
import { errorText } from '../report/error-text.ts';
import { routeTo } from '../ssh/route.ts';

/** What a client without a certificate met on an engine port, and the way by which it came there. */
export type PortSight =
  | { readonly kind: 'unreachable'; readonly error: ActionError }
  | { readonly kind: 'silent'; readonly way: Way }
  | { readonly kind: 'not-tls'; readonly way: Way; readonly reason: string }
  | {
      readonly kind: 'served';
      readonly way: Way;
      readonly certificate: Certificate;
      /** What became of the request without a certificate; text where it was neither refused nor answered. */
      readonly request: 'refused' | 'answered' | { readonly failed: string };
    };

export type Way = 'direct' | 'ssh';

/** A firewall that drops what it does not like is not waited for longer, where SSH is another way. */
const HIDDEN_AFTER_MS = 3000;

/**
 * Looks at a node's engine port from this machine and, where nobody answers there and SSH can be used, from the node
 * itself; `logins` bounds how many nodes are logged in to at once. Changes nothing. Never rejects.
 */
export async function lookAtNode(
  network: Network,
  spec: NodeSpec,
  { ssh, connectTimeoutSeconds }: Pick<CheckRequest, 'ssh' | 'connectTimeoutSeconds'>,
  logins: LimitFunction,
): Promise<PortSight> {
  const limitMs = connectTimeoutSeconds * 1000;
  const dialMs = ssh ? Math.min(limitMs, HIDDEN_AFTER_MS) : limitMs;
  const route: EngineRoute = () => network.dial(spec.address, spec.enginePort, dialMs);
  const direct = await look(network, route, spec, 'direct', limitMs);
  if (typeof direct !== 'string') return direct;
  return ssh
    ? logins(() => lookThroughSsh(network, spec, ssh, limitMs, direct))
    : { kind: 'unreachable', error: unreachable(spec, direct, WITHOUT_SSH) };
}

const WITHOUT_SSH =
  'look whether Docker runs there; where a firewall hides the port from the runner, give ssh-private-key, and it is read through SSH';

async function lookThroughSsh(
  network: Network,
  spec: NodeSpec,
  ssh: SshCredentials,
  limitMs: number,
  direct: string,
): Promise<PortSight> {
  const way = routeTo({ address: spec.ssh, hostKeys: spec.hostKeys, jumps: spec.jumps }, ssh);
  try {
    const host = await network.ssh(way, ssh, limitMs);
    try {
      const sight = await look(network, throughSsh(host, spec), spec, 'ssh', limitMs);
      if (typeof sight !== 'string') return sight;
      const reason = `${direct}; through SSH: ${sight}`;
      const hint = 'look whether Docker runs there and listens on that port; command apply sets it up';
      return { kind: 'unreachable', error: unreachable(spec, reason, hint) };
    } finally {
      host.close();
    }
  } catch (error) {
    const [message = '', ...hints] = errorText(error).split('\nhint: ');
    const reason = `${direct}; and through SSH it could not be read: ${message}`;
    return { kind: 'unreachable', error: unreachable(spec, reason, hints.join('; ') || WITHOUT_SSH) };
  }
}

function unreachable({ address, enginePort }: NodeSpec, reason: string, hint: string): ActionError {
  return new ActionError({ message: `unreachable: ${address} port ${enginePort}: ${reason}`, hint });
}

/** What was met; the reason as text where nobody could be connected to. */
async function look(
  network: Network,
  route: EngineRoute,
  spec: NodeSpec,
  way: Way,
  limitMs: number,
): Promise<PortSight | string> {
  const first = await pingOnce(network, route, spec, limitMs);
  // A connection that is reset may have lost the alert that was on its way.
  const isClear = typeof first === 'string' || first.kind !== 'failed' || first.isSilent === true;
  const seen = isClear ? first : await pingOnce(network, route, spec, limitMs);
  return typeof seen === 'string' ? seen : sightOf(seen, way);
}

async function pingOnce(
  network: Network,
  route: EngineRoute,
  { address }: NodeSpec,
  timeoutMs: number,
): Promise<PingResult | string> {
  const dialled = await route();
  if (dialled.kind === 'connected') return network.ping(dialled.stream, { address, timeoutMs });
  return dialled.kind === 'forbidden' ? 'the SSH server forbids TCP forwarding' : dialled.reason;
}

function sightOf(seen: PingResult, way: Way): PortSight {
  const { served: certificate } = seen;
  if (certificate) {
    const request =
      seen.kind === 'refused' ? 'refused' : seen.kind === 'accepted' ? 'answered' : { failed: seen.reason };
    return { kind: 'served', way, certificate, request };
  }
  if (seen.kind === 'failed' && seen.isSilent) return { kind: 'silent', way };
  const reason = seen.kind === 'failed' ? seen.reason : 'it served a certificate that cannot be read';
  return { kind: 'not-tls', way, reason };
}
