import type { EngineOutcome, NodeOutcome, NodeResult, RegistrationOutcome } from './outcome.ts';

/** What became of nodes of which some were changed twice. */
export function mergeNodes(
  first: readonly NodeOutcome[],
  second: readonly NodeOutcome[],
): readonly NodeOutcome[] {
  return first.map((one) => {
    const other = second.find(({ spec }) => spec === one.spec);
    if (!other) return one;
    const seconds = one.seconds === undefined ? undefined : one.seconds + (other.seconds ?? 0);
    const result = mergeResults(one.result, other.result);
    return { spec: one.spec, result, ...(seconds !== undefined && { seconds }) };
  });
}

/** The second pass is of nodes that the first one left whole. */
function mergeResults(first: NodeResult, second: NodeResult): NodeResult {
  if (first.kind !== 'changed') return second;
  if (second.kind === 'unchanged') return first;
  // Its first change is still in use.
  if (second.kind === 'failed')
    return {
      kind: 'rolled-back',
      reasons: first.reasons,
      error: second.error,
      lostContainers: first.lostContainers,
    };
  const reasons = union(first.reasons, second.reasons);
  return 'lostContainers' in second
    ? { ...second, reasons, lostContainers: union(first.lostContainers, second.lostContainers) }
    : { ...second, reasons };
}

/**
 * What became of Shipyard in two passes over it, of which the first may have been of none. A pass that failed as a whole
 * takes nothing away from what the other one did.
 */
export function mergeRegistrations(
  first: RegistrationOutcome,
  second: RegistrationOutcome,
): RegistrationOutcome {
  if (first.kind === 'none') return second;
  if (second.kind === 'none') return first;
  if (first.kind === 'failed') return withFault(second, first.error);
  if (second.kind === 'failed') return withFault(first, second.error);
  const again = second.outcomes.map((other) => {
    const one = first.outcomes.find(({ spec }) => spec === other.spec);
    return one ? mergeEngines(one, other) : other;
  });
  const once = first.outcomes.filter(({ spec }) => !again.some((other) => other.spec === spec));
  const writes = (first.writes ?? 0) + (second.writes ?? 0);
  const faults = [...(first.faults ?? []), ...(second.faults ?? [])];
  return { ...second, outcomes: [...again, ...once], writes, ...(faults.length > 0 && { faults }) };
}

/** Where nothing was done at all, the last failure is the one to tell. */
function withFault(
  registration: Exclude<RegistrationOutcome, { kind: 'none' }>,
  fault: unknown,
): RegistrationOutcome {
  if (registration.kind === 'failed') return registration;
  return { ...registration, faults: [...(registration.faults ?? []), fault] };
}

function mergeEngines(first: EngineOutcome, second: EngineOutcome): EngineOutcome {
  const before = 'reasons' in first.result ? first.result.reasons : [];
  if (before.length === 0 || second.result.kind === 'failed') return second;
  if (second.result.kind === 'unchanged') return { ...second, result: { kind: 'changed', reasons: before } };
  return { ...second, result: { ...second.result, reasons: union(before, second.result.reasons) } };
}

function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return [...new Set([...one, ...other])];
}
