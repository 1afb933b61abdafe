import { dockerLines } from '../../../lab/docker.ts';
import type { ActionRun } from '../../../lab/runner.ts';

/** The containers of the Shipyard CLI that one run has left, and no other run. */
export function containersOf({ state }: ActionRun): Promise<readonly string[]> {
  const tag = state['tag'];
  if (tag === undefined) throw new Error('the run has not told its post step under which tag it runs');
  return dockerLines(['ps', '--all', '--quiet', '--filter', `label=shipyard-cluster=${tag}`]);
}
