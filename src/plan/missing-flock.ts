import { ActionError } from '../errors.ts';
import type { NodeFacts } from '../node/facts.ts';

/** Without it neither two runs nor a run and an undo are kept apart. */
export function refuseMissingFlock({ flock }: NodeFacts): void {
  if (flock) return;
  throw new ActionError({
    message: 'flock is not installed, by which runs over the same node are kept apart',
    hint: 'install util-linux on the node, the package that has it (apt-get install util-linux)',
  });
}
