import { ActionError } from '../errors.ts';
import { switchedOver } from '../node/confirm-given-back.ts';
import { factsScript } from '../node/facts-script.ts';
import { parseFacts, type NodeFacts } from '../node/facts.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { NodePlanner } from '../plan/plan-nodes.ts';
import { errorText } from '../report/error-text.ts';
import { printable } from '../report/printable.ts';
import type { PrepareContext } from './prepare.ts';

/**
 * Proves that new firewall rules keep nobody out of SSH, by a login of its own, and reads over it that they are in force as
 * asked. The connection that stands proves nothing: firewalls let in what belongs to it. Rejects with ActionError.
 */
export async function proveAccess(
  { host, spec, observation: { served } }: ReachedNode,
  { plan, rollout }: Pick<PrepareContext, 'rollout'> & { readonly plan: NodePlanner },
): Promise<void> {
  const timeoutMs = rollout.commandTimeoutSeconds * 1000;
  let facts: NodeFacts;
  try {
    facts = await host.beside(async (other) => {
      // Over the first connection, if it was lost, the switch may still go on.
      const { status, stderr } = await other.run(switchedOver(timeoutMs));
      if (status !== 0) throw new ActionError({ message: printable(stderr), hint: 'look at the node' });
      return parseFacts(await other.run(factsScript(timeoutMs)));
    });
  } catch (error) {
    const [reason = ''] = errorText(error).split('\n');
    throw new ActionError({
      message: `a second login over SSH failed with the new firewall rules: ${reason}`,
      hint: 'look at what else the firewall of the node says about SSH; the former rules are put back',
      cause: error,
    });
  }
  const left = plan(spec, { facts, served });
  if (left.kind === 'refuse') throw left.error;
  if (left.kind === 'keep' || left.filter === undefined) return;
  throw new ActionError({
    message: 'the firewall rules were loaded, but are not in force as asked',
    hint: 'another program on the node may change them at the same time',
  });
}
