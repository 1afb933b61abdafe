import { ActionError, messageOf } from '../errors.ts';
import { DockerTimeoutError } from '../ports/docker.ts';
import type { Ports } from '../ports/ports.ts';
import { printable } from '../report/printable.ts';
import { RUN_LABEL } from '../shipyard/cli-driver.ts';

/** What the main step left for its post step; all of it is missing where it never began. */
export type MainStep = {
  readonly tag: string | undefined;
  /** Whether it came to its end, and so has cleaned up after itself. */
  readonly ended: boolean;
};

/** A docker command outlives the action that was killed, and may make its container a moment later. */
const LATE_MS = 2000;

/** For each command of docker. */
const LIMIT_MS = 60_000;

/**
 * Removes the containers that a main step left, however it ended: each holds a login and may hold a client key. Those of
 * other runs are left alone. Never rejects, and says nothing where nothing is left or there is no docker.
 */
export async function cleanUp(
  ports: Pick<Ports, 'docker' | 'clock' | 'workflow'>,
  { tag, ended }: MainStep,
): Promise<void> {
  if (tag === undefined) return;
  await removeContainers(ports, tag, ended);
  if (ended) return;
  await ports.clock.sleep(LATE_MS);
  await removeContainers(ports, tag, ended);
}

async function removeContainers(
  { docker, workflow }: Pick<Ports, 'docker' | 'workflow'>,
  tag: string,
  ended: boolean,
): Promise<void> {
  try {
    const label = `label=${RUN_LABEL}=${tag}`;
    const list = ['ps', '--all', '--quiet', '--no-trunc', '--filter', label];
    const listed = await docker.run(list, { what: 'listing the containers of the run', limitMs: LIMIT_MS });
    const containers = listed.stdout.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
    if (containers.length === 0) return;
    const removed = await docker
      .run(['rm', '--force', ...containers], {
        what: 'removing the containers of the run',
        limitMs: LIMIT_MS,
      })
      .catch((error: unknown) => ({ status: 1, stderr: messageOf(error) }));
    if (removed.status === 0)
      workflow.info(`removed ${containers.length} container(s) that the run had left`);
    else
      workflow.warning(
        `container(s) with a login or keys in them could not be removed: ${printable(removed.stderr)}; remove them on the machine where Docker runs: docker rm --force ${containers.join(' ')}`,
      );
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    // Without a docker there is no container either; and a run that has ended has removed its own.
    if (error instanceof DockerTimeoutError && !ended)
      workflow.warning(
        `whether the run has left containers with a login or keys in them is not known: ${error.message}; look for them on the machine where Docker runs: docker ps --all --filter label=${RUN_LABEL}=${tag}`,
      );
  }
}
