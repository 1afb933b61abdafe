import { ActionError } from '../errors.ts';
import type { NodeFacts } from '../node/facts.ts';
import { isAtLeast } from '../node/engine-version.ts';
import { printable } from '../report/printable.ts';

/** The version of Docker's API that Shipyard 2 speaks, whatever an engine offers. */
export const SHIPYARD_API = '1.15';

/** What is to be done about engines that Shipyard cannot use. */
export type IncompatibleEngines = 'fail' | 'warn';

type Node = Pick<NodeFacts, 'dockerVersion' | 'systemd'>;

/** Whether this Docker answers that API only when DOCKER_MIN_API_VERSION says so: 25 alone has that choice. */
export function needsMinApiVersion({ dockerVersion, systemd }: Node): boolean {
  return systemd && isAtLeast(dockerVersion, 25, 0) && !isAtLeast(dockerVersion, 26, 0);
}

/** Why Shipyard can never use the engine of a node, found in its version alone; `undefined` where it can. */
export function incompatibility(node: Node): string | undefined {
  const version = `Docker ${printable(node.dockerVersion, 40)}`;
  if (!isAtLeast(node.dockerVersion, 1, 3))
    return `${version} is older than API v${SHIPYARD_API}, which Shipyard 2 speaks`;
  if (!isAtLeast(node.dockerVersion, 25, 0) || needsMinApiVersion(node)) return undefined;
  return isAtLeast(node.dockerVersion, 26, 0)
    ? `${version} refuses API v${SHIPYARD_API}, the only one that Shipyard 2 speaks, whatever is configured: Shipyard would call the engine up and could not use it`
    : `${version} answers API v${SHIPYARD_API}, the only one that Shipyard 2 speaks, only with DOCKER_MIN_API_VERSION=${SHIPYARD_API}, which the action can set where systemd starts Docker`;
}

/** A node or engine that is refused for it, with the choices that there are. */
export function incompatible(why: string): ActionError {
  return new ActionError({
    message: why,
    hint: 'put Docker 24 or older on the node (25 where systemd starts it); or leave shipyard-url and shipyard-master empty to have TLS hosts without Shipyard; or set incompatible-engines: warn to register it all the same',
  });
}
