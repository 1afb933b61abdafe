import type { EngineOutcome, NodeResult } from '../apply/outcome.ts';
import type { Reason } from '../plan/reason.ts';

/** Why something was or would have been changed; empty where nothing was due. */
export function reasonsOf(result: NodeResult | EngineOutcome['result']): readonly Reason[] {
  return 'reasons' in result ? result.reasons : [];
}

export function errorOf(result: NodeResult | EngineOutcome['result']): unknown {
  return 'error' in result ? result.error : undefined;
}
