import { rmSync } from 'node:fs';
import { removeContainers } from './cluster.ts';
import { docker, dockerLines } from './docker.ts';
import { findEngine } from './engine.ts';
import { exclusively } from './lock.ts';
import { removeNetwork } from './network.ts';
import { removeOwnEngine } from './own-engine.ts';
import type { Progress } from './progress.ts';
import { labLabel, stateDir } from './state.ts';

/** Removes the lab from this machine: containers, network, images, its own engine and its files. Packages stay. */
export async function removeLab(progress: Progress): Promise<void> {
  await exclusively('lab', async () => {
    if ((await findEngine()) !== undefined) {
      await removeContainers(`label=${labLabel}`);
      await removeNetwork();
      for (const repositories of [`${labLabel}/*`, actionImages]) {
        const tags = await dockerLines(['images', '--format', '{{.Repository}}:{{.Tag}}', repositories]);
        if (tags.length > 0) await docker(['rmi', '--force', ...tags]);
      }
      progress('containers, network and images: removed');
    }
    await removeOwnEngine(progress);
    rmSync(stateDir, { recursive: true, force: true });
    progress(`files in ${stateDir}: removed`);
  });
}

/** What the action makes on its runner, which here is this machine. */
const actionImages = 'shipyard-cluster/*';
