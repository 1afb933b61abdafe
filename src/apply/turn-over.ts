import { observeAgain, type ObservedNode, type ReachedNode } from '../observe/observe-node.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import { planNodes } from '../plan/plan-nodes.ts';
import { applyEngines, type RegistrationContext } from './apply-engines.ts';
import { applyNodes, type NodesContext } from './apply-nodes.ts';
import { awaitFollowers, notFollowed } from './await-followers.ts';
import { mergeNodes } from './merge-outcomes.ts';
import { certificateOf, type EngineOutcome, type NodeOutcome, type RegistrationOutcome } from './outcome.ts';
import type { Stages } from '../plan/stages.ts';

export type TurnOverContext = NodesContext &
  Omit<RegistrationContext, 'authority'> & { readonly stages: Stages };

/** What a run has come to so far. */
export type Progress = {
  readonly outcomes: readonly NodeOutcome[];
  /** As it was read last. */
  readonly shipyard: ObservedShipyard;
  readonly registration: RegistrationOutcome;
};

/**
 * Takes nodes that trust an older generation and the newest to the end of the rotation: Shipyard is given clients of the
 * newest, and a node whose engine it has seen up with one serves and trusts the newest alone from then on. The others
 * stay as they are. Without a rotation there is nothing to do. Never rejects.
 */
export async function turnOver(
  nodes: readonly ObservedNode[],
  progress: Progress,
  context: TurnOverContext,
): Promise<Progress> {
  const { stages, workflow, clock, plan, rollout } = context;
  const { outcomes, shipyard } = progress;
  const waiting = provedNodes(nodes, outcomes).filter(({ spec }) => stages.overlaps(spec));
  if (waiting.length === 0) return progress;
  const handed = await workflow.group('Handing Shipyard clients of the new CA', () =>
    applyEngines(shipyard, waiting, { ...context, authority: stages.authority }),
  );
  if (shipyard.kind !== 'reached' || handed.kind !== 'done') return { ...progress, registration: handed };
  const specs = waiting.map(({ spec }) => spec);
  const { late, engines } = await workflow.group('Waiting for Shipyard to see the new clients', () =>
    awaitFollowers(shipyard, specs, stages, clock),
  );
  const registration = {
    ...handed,
    engines,
    outcomes: handed.outcomes.map((one) => (late.includes(one.spec) ? asLate(one) : one)),
  };
  const turned = { outcomes, shipyard: { ...shipyard, engines }, registration };
  if (rollout.onFailure === 'stop' && outcomes.some(hasStoppedRollout)) return turned;
  const following = waiting.filter(({ spec }) => !late.includes(spec));
  const second = await workflow.group('Switching nodes over to the new CA', async () => {
    const seen = await Promise.all(following.map((node) => readAgain(node, context)));
    return applyNodes(planNodes(seen, plan), context);
  });
  return { ...turned, outcomes: mergeNodes(outcomes, second) };
}

/** The nodes that are as asked, which the wire showed. */
export function provedNodes(
  nodes: readonly ObservedNode[],
  outcomes: readonly NodeOutcome[],
): readonly ReachedNode[] {
  const proved = new Set(outcomes.filter(certificateOf).map(({ spec }) => spec));
  return nodes.filter((node) => node.kind === 'reached').filter(({ spec }) => proved.has(spec));
}

async function readAgain(node: ReachedNode, { network, rollout }: TurnOverContext): Promise<ObservedNode> {
  try {
    return await observeAgain(network, node, rollout);
  } catch (error) {
    return { kind: 'unreachable', spec: node.spec, error };
  }
}

/** What failed before a node was changed stops no rollout. */
function hasStoppedRollout({ result }: NodeOutcome): boolean {
  return ['rolled-back', 'left-to-undo', 'undo-failed', 'not-begun'].includes(result.kind);
}

function asLate(outcome: EngineOutcome): EngineOutcome {
  const { spec, result } = outcome;
  if (result.kind !== 'unchanged' && result.kind !== 'changed') return outcome;
  const reasons = result.kind === 'changed' ? result.reasons : [];
  return { ...outcome, result: { kind: 'incomplete', reasons, error: notFollowed(spec) } };
}
