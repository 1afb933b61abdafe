import pLimit from 'p-limit';
import type { ClusterRequest, Command } from '../inputs/request.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import type { Workflow } from '../ports/workflow.ts';
import { errorText } from '../report/error-text.ts';
import { printable } from '../report/printable.ts';
import { observeNode, type ObservedNode } from './observe-node.ts';
import { observeShipyard, type ObservedShipyard } from './observe-shipyard.ts';

/** All that was seen, with the connections still open. */
export type Observation = {
  readonly nodes: readonly ObservedNode[];
  readonly shipyard: ObservedShipyard;
  readonly close: () => void;
};

/** What is to be read, and for which command. */
export type Asked = ClusterRequest & {
  readonly command: Command;
  /** Where it is given, nothing may be changed before it was compared. */
  readonly planDigest?: string;
};

/**
 * Reads the asked nodes and Shipyard at once, which apply may set up for that; once the run is cancelled no other node is
 * read. Never rejects: what could not be read is part of what was seen.
 */
export async function observe(
  ports: Ports,
  { command, planDigest, nodes, ssh, shipyard, rollout }: Asked,
  cancelled: Cancellation,
): Promise<Observation> {
  const read = async (spec: NodeSpec): Promise<ObservedNode> => {
    const error = cancelled();
    if (error !== undefined) return { kind: 'unreachable', spec, error };
    return observeNode(ports.network, spec, ssh, rollout);
  };
  const limit = pLimit(rollout.concurrency);
  const asked = nodes.filter(({ name }) => rollout.only === 'all' || rollout.only.includes(name));
  const [seen, listed] = await Promise.all([
    Promise.all(asked.map((spec) => limit(() => read(spec)))),
    observeShipyard(ports, shipyard, ssh, rollout, {
      mayChange: command === 'apply' && planDigest === undefined,
      only: rollout.only,
    }),
  ]);
  for (const node of seen) ports.workflow.info(sentence(node), node.spec.name);
  tellShipyard(ports.workflow, listed);
  return {
    nodes: seen,
    shipyard: listed,
    close: () => {
      for (const node of seen) if (node.kind === 'reached') node.host.close();
      if (listed.kind === 'reached') listed.close();
    },
  };
}

/** Says in the log what was read of Shipyard. */
export function tellShipyard(workflow: Workflow, listed: ObservedShipyard): void {
  if (listed.kind === 'none') return;
  workflow.info(
    listed.kind === 'reached'
      ? `Shipyard ${printable(listed.version ?? 'of an unknown version', 40)} lists ${listed.engines.length} engines`
      : errorText(listed.error),
  );
}

function sentence(node: ObservedNode): string {
  if (node.kind === 'unreachable') return errorText(node.error);
  const { facts, served } = node.observation;
  const end = served.certificate?.notAfter.toISOString() ?? 'no certificate';
  return `Docker ${printable(facts.dockerVersion, 80)}, ${facts.runningContainers.length} running containers, serves ${end}`;
}
