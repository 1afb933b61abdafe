import type { EngineOutcome, NodeResult, RegistrationOutcome } from '../apply/outcome.ts';
import type { Reason } from '../plan/reason.ts';

/** Why something was or would have been changed; empty where nothing was due. */
export function reasonsOf(result: NodeResult | EngineOutcome['result']): readonly Reason[] {
  return 'reasons' in result ? result.reasons : [];
}

export function errorOf(result: NodeResult | EngineOutcome['result']): unknown {
  return 'error' in result ? result.error : undefined;
}

/** Why engines that were to be pruned are still listed. */
export function prunedErrors(registration: RegistrationOutcome): readonly unknown[] {
  if (registration.kind !== 'done') return [];
  return (registration.pruned ?? []).flatMap(({ error }) => (error === undefined ? [] : [error]));
}
