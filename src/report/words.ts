import type { EngineOutcome, NodeResult, RegistrationOutcome } from '../apply/outcome.ts';
import type { Reason } from '../plan/reason.ts';

/** Why something was or would have been changed; empty where nothing was due. */
export function reasonsOf(result: NodeResult | EngineOutcome['result']): readonly Reason[] {
  return 'reasons' in result ? result.reasons : [];
}

export function errorOf(result: NodeResult | EngineOutcome['result']): unknown {
  return 'error' in result ? result.error : undefined;
}

/** What failed of Shipyard that is told of no node: all of it, a pass over it, or engines that were to be pruned. */
export function sharedErrors(registration: RegistrationOutcome): readonly unknown[] {
  if (registration.kind === 'none') return [];
  if (registration.kind === 'failed') return [registration.error];
  const { faults = [], pruned = [] } = registration;
  return [...faults, ...pruned.flatMap(({ error }) => (error === undefined ? [] : [error]))];
}

/** Whether Shipyard, where one was asked, is as it was to be. */
export function isRegistered(registration: RegistrationOutcome): boolean {
  const outcomes = registration.kind === 'done' ? registration.outcomes : [];
  return (
    sharedErrors(registration).length === 0 && outcomes.every(({ result }) => errorOf(result) === undefined)
  );
}
