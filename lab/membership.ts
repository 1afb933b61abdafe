import { docker, tryDocker } from './docker.ts';
import { exclusively, together } from './lock.ts';

// dockerd before 20.10.27 deadlocks, and answers nobody from then on, when a container leaves a network while another
// comes or goes (moby/moby#46661). Containers may come at once; each leaves when nobody else moves.

/** Runs what makes containers join their networks. */
export async function joining<T>(work: () => Promise<T>): Promise<T> {
  return together('network', work);
}

/** Runs what makes one container leave its network. */
export async function leaving<T>(work: () => Promise<T>): Promise<T> {
  return exclusively('network', work);
}

/** Removes containers, running or not, with their volumes. */
export async function removeMachines(network: string, containers: readonly string[]): Promise<void> {
  if (containers.length === 0) return;
  await leaving(async () => {
    // Fails for one that is not on the network, which is as good.
    for (const container of containers)
      await tryDocker(['network', 'disconnect', '--force', network, container]);
  });
  await docker(['rm', '--force', '--volumes', ...containers]);
}
