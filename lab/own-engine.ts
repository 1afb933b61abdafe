import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, systemEnvironment } from './command.ts';
import { rememberFirewall, restoreFirewall } from './host-firewall.ts';
import { type Progress, timed } from './progress.ts';
import { privateDir, runDir, stateDir } from './state.ts';

export const ownEngineHost = `unix://${runDir}/docker.sock`;

const pidFile = `${runDir}/docker.pid`;
const configFile = `${runDir}/daemon.json`;
const execRoot = `${runDir}/exec`;
const logFile = `${runDir}/dockerd.log`;
const dataRoot = `${stateDir}/docker`;

/** Starts a dockerd of the lab's own, which outlives this process. Rejects with the end of its log when it does not answer. */
export async function startOwnEngine(progress: Progress): Promise<void> {
  await timed(progress, `starting a Docker engine of the lab's own (log: ${logFile})`, async () => {
    await forgetEarlierBoot();
    mkdirSync(runDir, { recursive: true, mode: 0o755 });
    await rememberFirewall(privateDir('firewall'));
    // A file of its own, as the machine's may be made for another engine. A dockerd that died is started again without
    // the nodes noticing.
    writeFileSync(configFile, JSON.stringify({ 'live-restore': true }));
    const log = openSync(logFile, 'w');
    const daemon = spawn(
      'dockerd',
      [
        ...['--data-root', dataRoot, '--exec-root', execRoot, '--pidfile', pidFile, '--host', ownEngineHost],
        ...['--config-file', configFile],
      ],
      { detached: true, stdio: ['ignore', log, log], cwd: '/', env: systemEnvironment() },
    );
    closeSync(log);
    const ended = new Promise<never>((_, reject) => {
      daemon.once('error', reject);
      daemon.once('exit', () => {
        reject(new Error(`dockerd does not start:\n${logTail()}`));
      });
    });
    daemon.unref();
    await Promise.race([ended, answer()]);
  });
}

/** The process id of the lab's own dockerd, if it runs: a number in a file is believed only if that process is ours. */
export function ownEnginePid(): number | undefined {
  return processOf(pidFile, pidFile);
}

/** Ends the lab's own engine and deletes everything that it stored. Does nothing where there is none. */
export async function removeOwnEngine(progress: Progress): Promise<void> {
  const pid = ownEnginePid();
  if (pid !== undefined) {
    await timed(progress, `ending the lab's own Docker engine (process ${pid})`, async () => {
      process.kill(pid, 'SIGTERM');
      for (let waited = 0; ownEnginePid() !== undefined; waited += 100) {
        if (waited === 30_000) process.kill(pid, 'SIGKILL');
        await sleep(100);
      }
    });
  }
  if (!existsSync(dataRoot) && !existsSync(runDir)) return;
  await unmountBelow(dataRoot);
  await unmountBelow(runDir);
  await restoreFirewall(privateDir('firewall'));
  rmSync(dataRoot, { recursive: true, force: true });
  rmSync(runDir, { recursive: true, force: true });
}

async function answer(): Promise<void> {
  const version = ['docker', '--host', ownEngineHost, 'version', '--format', '{{.Server.Version}}'];
  const deadline = Date.now() + 60_000;
  while ((await run(version)).code !== 0) {
    if (Date.now() > deadline) throw new Error(`dockerd does not answer:\n${logTail()}`);
    await sleep(100);
  }
}

/**
 * Removes the runtime state of an engine of which no process is left, as after a restart of the machine where /run is
 * kept: dockerd refuses to start when its process id file names anyone's living process, and runc finds the containers
 * of then still running. An engine whose dockerd alone was killed keeps its state: the new one takes its containers up.
 */
async function forgetEarlierBoot(): Promise<void> {
  rmSync(pidFile, { force: true });
  rmSync(`${runDir}/docker.sock`, { force: true });
  const running = readdirSync('/proc').some(
    (name) => /^\d+$/.test(name) && commandLine(name).includes(execRoot),
  );
  if (running) return;
  await unmountBelow(runDir);
  rmSync(execRoot, { recursive: true, force: true });
}

/** Layers, network namespaces and the folder itself stay mounted when an engine is killed. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => `${path}/`.startsWith(`${folder}/`)).reverse())
    await run(['sh', '-c', 'umount --lazy "$1"', 'sh', mount]);
}

/** The process whose id a file holds, if its command line shows that it belongs to the lab. */
function processOf(file: string, mark: string): number | undefined {
  const pid = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return pid !== '' && commandLine(pid).includes(mark) ? Number(pid) : undefined;
}

/** Empty for a process that has just ended. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function logTail(): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
}
