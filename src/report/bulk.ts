import type { RegistrationOutcome } from '../apply/outcome.ts';

/** From here on rows that were deleted come back, and deletions slow down (measured with 2.0.10). */
const BULK = 20;

/** What to do after many changes of Shipyard in one run; empty after a few. */
export function bulkAdvice(registration: RegistrationOutcome): readonly string[] {
  const writes = registration.kind === 'done' ? (registration.writes ?? 0) : 0;
  if (writes < BULK) return [];
  return [
    `Shipyard was changed ${writes} times, and runs one more health checker for each: restart the controller (docker restart shipyard), which ends them`,
  ];
}
