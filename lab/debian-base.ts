import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AptSource, canInstall, ensurePrograms } from './apt.ts';
import { runOrThrow } from './command.ts';
import { docker, tryDocker } from './docker.ts';
import { type Progress, timed } from './progress.ts';
import { privateDir } from './state.ts';

export type Suite = 'bookworm' | 'trixie';

/**
 * A bare Debian as an image called `tag`: from the registry where one answers, otherwise made here from packages,
 * which needs root and apt-get.
 */
export async function makeDebianBase(
  progress: Progress,
  suite: Suite,
  source: AptSource,
  tag: string,
): Promise<void> {
  if (await tagged(suite, tag)) {
    progress(`base image: debian:${suite} from the registry`);
    return;
  }
  if (!(await canInstall())) {
    throw new Error(`debian:${suite} cannot be pulled, and making it here needs root on Debian or Ubuntu`);
  }
  await ensurePrograms(progress, [{ command: 'mmdebstrap', package: 'mmdebstrap' }]);
  await timed(progress, `base image: no registry, so making Debian ${suite} from packages`, async () => {
    const archive = join(privateDir(), `debian-${suite}.tar`);
    const options = source.options.map((option) => `--aptopt=${option}`);
    try {
      await runOrThrow([
        'mmdebstrap',
        '--quiet',
        '--variant=apt',
        '--include=ca-certificates',
        ...options,
        suite,
        archive,
        source.mirror,
      ]);
      await docker(['import', archive, tag]);
    } finally {
      rmSync(archive, { force: true });
    }
  });
}

/** False where no registry answers: one that never does takes the whole limit. */
async function tagged(suite: Suite, tag: string): Promise<boolean> {
  const image = `debian:${suite}`;
  const wasThere = (await tryDocker(['image', 'inspect', image])).code === 0;
  const pull = tryDocker(['pull', '--quiet', image], { timeoutMs: 45_000 });
  const { code } = await pull.catch(() => ({ code: 1 }));
  if (code !== 0) return false;
  await docker(['tag', image, tag]);
  // Only the lab's own tag is removed with the lab.
  if (!wasThere) await docker(['rmi', image]);
  return true;
}
