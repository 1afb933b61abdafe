import type { Rollout } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';

/** Tells whether nothing new may be begun any more: somebody cancelled the run, or its time, counted from now, is up. */
export function cancellation(
  { clock, run }: Pick<Ports, 'clock' | 'run'>,
  { timeoutSeconds }: Pick<Rollout, 'timeoutSeconds'>,
): () => boolean {
  const end = clock.now().getTime() + timeoutSeconds * 1000;
  return () => run.isCancelled() || clock.now().getTime() > end;
}
