import { ActionError } from '../errors.ts';
import { factsScript } from '../node/facts-script.ts';
import { parseFacts } from '../node/facts.ts';
import type { Rollout } from '../inputs/request.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { NewEngine } from '../shipyard/engine.ts';

/**
 * CPUs and memory in MB as the inventory says, else as the engine does. A daemon that was down when the node was read is up
 * by now. Rejects with ActionError where neither tells.
 */
export async function resourcesOf(
  { spec, host, observation }: ReachedNode,
  { commandTimeoutSeconds }: Pick<Rollout, 'commandTimeoutSeconds'>,
): Promise<Pick<NewEngine, 'cpus' | 'memory'>> {
  if (spec.cpus !== undefined && spec.memory !== undefined) return { cpus: spec.cpus, memory: spec.memory };
  const script = factsScript(commandTimeoutSeconds * 1000);
  const engine = observation.facts.engine ?? parseFacts(await host.run(script)).engine;
  const cpus = spec.cpus ?? engine?.cpus ?? 0;
  const memory = spec.memory ?? Math.floor((engine?.memoryBytes ?? 0) / 1024 ** 2);
  // Shipyard takes an engine of no size without a word, and then places nothing on it.
  if (cpus > 0 && memory > 0) return { cpus, memory };
  throw new ActionError({
    message: `shipyard: ${spec.name} was not registered, since its daemon does not tell its CPUs and memory`,
    hint: 'give the node cpus and memory (in MB) in the inventory, or look at `docker info` on it',
  });
}
