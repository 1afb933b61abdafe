import type { NodeOutcome } from '../apply/outcome.ts';
import { ActionError } from '../errors.ts';
import { formatDuration } from '../inputs/duration.ts';
import type { Rollout } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import { errorText } from '../report/error-text.ts';

/** To be made when a command begins: its time is counted from now. */
export function cancellation(
  { clock, run }: Pick<Ports, 'clock' | 'run'>,
  { timeoutSeconds }: Pick<Rollout, 'timeoutSeconds'>,
): Cancellation {
  const end = clock.now().getTime() + timeoutSeconds * 1000;
  return () => {
    if (run.isCancelled()) return calledOff();
    return clock.now().getTime() >= end ? timeIsUp(timeoutSeconds) : undefined;
  };
}

/** For a command that has read, and has begun nothing else yet. Throws ActionError. */
export function throwIfCancelled(cancelled: Cancellation): void {
  const why = cancelled();
  if (why !== undefined) throw why;
}

/** Says why the nodes that were not begun were not. */
export function tellIfCancelled(
  workflow: Ports['workflow'],
  nodes: readonly NodeOutcome[],
  cancelled: Cancellation,
): void {
  const why = cancelled();
  if (why !== undefined && nodes.some(({ result }) => result.kind === 'not-begun'))
    workflow.warning(errorText(why));
}

function calledOff(): ActionError {
  return new ActionError({
    message: 'the run was cancelled, and nothing new is begun',
    hint: 'run the action again, which goes on with what is left',
  });
}

function timeIsUp(timeoutSeconds: number): ActionError {
  return new ActionError({
    message: `the run has taken longer than timeout allows (${formatDuration(timeoutSeconds)}), and nothing new is begun`,
    hint: 'run the action again, which goes on with what is left; raise timeout, or narrow the run with only, if that happens again',
  });
}
