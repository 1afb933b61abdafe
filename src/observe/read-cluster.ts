import type { ClusterRequest } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import { observe, type Asked, type Observation } from './observe.ts';

/** Reads the nodes that `only` asks for, and Shipyard, as a phase of its own in the log. Never rejects. */
export function readAsked(ports: Ports, request: Asked, cancelled: Cancellation): Promise<Observation> {
  return ports.workflow.group('Reading nodes and Shipyard', () => observe(ports, request, cancelled));
}

/** The same of every node of the inventory. */
export function readAll(ports: Ports, request: Asked, cancelled: Cancellation): Promise<Observation> {
  const all = { ...request, rollout: { ...request.rollout, only: 'all' as const } };
  return readAsked(ports, all, cancelled);
}

/** Of what was seen that of the nodes which `only` asks for: all may have to be read where only some are to be changed. */
export function askedOf(
  { nodes, ...rest }: Observation,
  { rollout: { only } }: Pick<ClusterRequest, 'rollout'>,
): Observation {
  return { ...rest, nodes: nodes.filter(({ spec }) => only === 'all' || only.includes(spec.name)) };
}
