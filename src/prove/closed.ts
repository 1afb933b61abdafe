import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Network } from '../ports/network.ts';
import { lookAtPort, type EngineRoute, type Proof } from './proof.ts';

/** Proves on the wire that nothing listens on the engine port. Only a refusal counts: silence may be a firewall. */
export async function proveClosed(route: EngineRoute, { enginePort }: NodeSpec): Promise<Proof> {
  const dialled = await route();
  if (dialled.kind === 'closed') return { kind: 'proved', served: undefined };
  if (dialled.kind === 'connected') dialled.stream.destroy();
  const seen =
    dialled.kind === 'connected'
      ? 'something listens on it'
      : dialled.kind === 'forbidden'
        ? 'the SSH server forwards nothing'
        : dialled.reason;
  return { kind: 'failed', reason: `port ${enginePort} is not seen closed: ${seen}`, final: false };
}

/** Proves that the port serves what it did before the first set-up: not our certificate, and nobody without one. */
export async function proveFormer(
  network: Network,
  route: EngineRoute,
  spec: NodeSpec,
  ours: string | undefined,
): Promise<Proof> {
  const { certificate, demandsClient } = await lookAtPort(network, route, spec);
  if (demandsClient && certificate !== undefined && certificate.serial !== ours)
    return { kind: 'proved', served: undefined };
  const reason = !certificate
    ? 'nothing serves TLS there'
    : demandsClient
      ? 'the certificate of the action is still served'
      : 'a client without a certificate was not refused';
  return { kind: 'failed', reason: `port ${spec.enginePort}: ${reason}`, final: false };
}
