import { ActionError } from '../errors.ts';
import type { Rollout, SshCredentials } from '../inputs/request.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { factsScript } from '../node/facts-script.ts';
import { parseFacts } from '../node/facts.ts';
import type { NodeObservation } from '../plan/node-plan.ts';
import type { Network } from '../ports/network.ts';
import type { RemoteHost } from '../ports/remote-host.ts';
import { directly, lookAtPort, throughSsh, type EngineRoute } from '../prove/proof.ts';
import { routeTo } from '../ssh/route.ts';
import { NodeConnection } from './node-connection.ts';

/** A node that was logged in to and read, or the reason why it could not be. */
export type ObservedNode =
  ReachedNode | { readonly kind: 'unreachable'; readonly spec: NodeSpec; readonly error: unknown };

export type ReachedNode = {
  readonly kind: 'reached';
  readonly spec: NodeSpec;
  readonly host: NodeConnection;
  /** How its engine port is reached to prove it. */
  readonly route: EngineRoute;
  readonly observation: NodeObservation;
};

export type Timeouts = Pick<Rollout, 'connectTimeoutSeconds' | 'commandTimeoutSeconds'>;

/** Logs in to a node and reads it, over one connection and without a change. Never rejects. */
export async function observeNode(
  network: Network,
  spec: NodeSpec,
  credentials: SshCredentials,
  { connectTimeoutSeconds, commandTimeoutSeconds }: Timeouts,
): Promise<ObservedNode> {
  const way = routeTo({ address: spec.ssh, hostKeys: spec.hostKeys, jumps: spec.jumps }, credentials);
  let host: NodeConnection | undefined;
  try {
    host = await NodeConnection.open(() => network.ssh(way, credentials, connectTimeoutSeconds * 1000));
    const script = factsScript(commandTimeoutSeconds * 1000);
    const [facts, route] = await Promise.all([host.run(script), findRoute(network, host, spec)]);
    const served = await lookAtPort(network, route, spec);
    return { kind: 'reached', spec, host, route, observation: { facts: parseFacts(facts), served } };
  } catch (error) {
    host?.close();
    return { kind: 'unreachable', spec, error };
  }
}

/** Reads a node once more, as it may have been changed since. Rejects with ActionError. */
export async function observeAgain(
  network: Network,
  node: ReachedNode,
  { commandTimeoutSeconds }: Pick<Timeouts, 'commandTimeoutSeconds'>,
): Promise<ReachedNode> {
  const [facts, served] = await Promise.all([
    node.host.run(factsScript(commandTimeoutSeconds * 1000)),
    lookAtPort(network, node.route, node.spec),
  ]);
  return { ...node, observation: { facts: parseFacts(facts), served } };
}

/** Finds out before anything is changed how the proof will be taken; without a way the node is refused. */
async function findRoute(network: Network, host: RemoteHost, spec: NodeSpec): Promise<EngineRoute> {
  const forwarded = throughSsh(host, spec);
  const tried = await forwarded();
  if (tried.kind === 'connected') tried.stream.destroy();
  if (tried.kind !== 'forbidden') return forwarded;
  const direct = directly(network, spec);
  const seen = await direct();
  if (seen.kind === 'connected') seen.stream.destroy();
  if (seen.kind === 'connected' || seen.kind === 'closed') return direct;
  throw new ActionError({
    message: `the SSH server forbids TCP forwarding, and ${spec.address} port ${spec.enginePort} cannot be reached from the runner`,
    hint: 'set AllowTcpForwarding to local in sshd_config, or let the runner reach the engine port: the result could not be proved otherwise',
  });
}
