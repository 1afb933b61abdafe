import { ensurePrograms, canInstall, isOnPath } from './apt.ts';
import { run } from './command.ts';
import { ownEngineHost, ownEnginePid, startOwnEngine } from './own-engine.ts';
import type { Progress } from './progress.ts';
import { isRoot } from './state.ts';

/** A Docker engine that answers. `host` is the DOCKER_HOST that leads to it, undefined for the client's default. */
export type Engine = {
  readonly kind: 'engine';
  readonly host: string | undefined;
  readonly version: string;
};

export type Unavailable = { readonly kind: 'unavailable'; readonly reason: string };

/**
 * A reachable engine: the one that DOCKER_HOST names, the lab's own, or the default one; and if none answers and this
 * is root on a system with apt-get, one that is installed and started now. DOCKER_HOST of this process leads to it.
 */
export async function ensureEngine(progress: Progress): Promise<Engine | Unavailable> {
  const found = await findEngine();
  if (found !== undefined) return found;
  const asked = process.env['DOCKER_HOST'];
  if (asked !== undefined)
    return { kind: 'unavailable', reason: `no Docker engine answers at DOCKER_HOST=${asked}` };
  if (process.platform !== 'linux' || !(await canInstall())) {
    return {
      kind: 'unavailable',
      reason: 'no Docker engine is reachable, and installing one needs root on Debian or Ubuntu',
    };
  }
  await ensurePrograms(progress, [
    { command: 'dockerd', package: 'docker.io' },
    { command: 'iptables', package: 'iptables' },
  ]);
  // From Debian 13 on the client is a package of its own.
  if (!(await isOnPath('docker')))
    await ensurePrograms(progress, [{ command: 'docker', package: 'docker-cli' }]);
  // Where systemd runs, the package has started its engine.
  const packaged = await findEngine();
  if (packaged !== undefined) return packaged;
  await startOwnEngine(progress);
  return (
    (await answering(ownEngineHost)) ?? { kind: 'unavailable', reason: `nothing answers at ${ownEngineHost}` }
  );
}

/** An engine that answers now, without installing or starting anything. */
export async function findEngine(): Promise<Engine | undefined> {
  if (!(await isOnPath('docker'))) return undefined;
  const asked = process.env['DOCKER_HOST'];
  if (asked !== undefined) return answering(asked);
  return (
    (isRoot && ownEnginePid() !== undefined ? await answering(ownEngineHost) : undefined) ??
    answering(undefined)
  );
}

/** The engine at this DOCKER_HOST, which this process uses from then on; undefined when it does not answer. */
async function answering(host: string | undefined): Promise<Engine | undefined> {
  const at = host === undefined ? [] : ['--host', host];
  const version = ['docker', ...at, 'version', '--format', '{{.Server.Version}}'];
  const answer = await run(version, { timeoutMs: 15_000 }).catch(() => undefined);
  if (answer?.code !== 0) return undefined;
  if (host !== undefined) process.env['DOCKER_HOST'] = host;
  return { kind: 'engine', host, version: answer.stdout.trim() };
}
