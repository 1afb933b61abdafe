import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrograms } from './apt.ts';
import { inventory, removeOrphans, startCluster } from './cluster.ts';
import { docker } from './docker.ts';
import { demoDir } from './demo-files.ts';
import { findEngine } from './engine.ts';
import { allKinds, ensureNodeImage } from './images.ts';
import { labOrThrow } from './lab.ts';
import { runProgram } from './program.ts';
import { progressTo } from './progress.ts';
import { knownHosts } from './ssh-client.ts';
import { privateKeyOf } from './ssh-identity.ts';
import { removeLab } from './remove.ts';
import { labLabel, stateDir } from './state.ts';

const progress = progressTo(process.stderr);

const usage = `npm run lab -- up                          three nodes and a master; prints the action's inputs for GITHUB_OUTPUT
npm run lab -- status                      what of the lab is on this machine
npm run lab -- ssh MACHINE [COMMAND…]      a shell on a machine of the demo: node1, node2, node3, master
npm run lab -- images                      make now what the tests need, every kind of node included
npm run lab -- clean                       remove what tests left behind that were killed
npm run lab -- remove                      remove the lab: containers, images, network, own engine, files`;

async function status(): Promise<number> {
  const engine = await findEngine();
  console.log(
    `engine:    ${engine === undefined ? 'none answers' : `Docker ${engine.version} at ${engine.host ?? 'the default socket'}`}`,
  );
  console.log(`files:     ${stateDir}${existsSync(stateDir) ? '' : ' (none)'}`);
  if (engine === undefined) return 0;
  const label = `label=${labLabel}`;
  console.log(
    await docker(['ps', '--all', '--filter', label, '--format', 'table {{.Names}}\t{{.Status}}\t{{.Image}}']),
  );
  console.log(
    await docker(['images', '--filter', label, '--format', 'table {{.Repository}}:{{.Tag}}\t{{.Size}}']),
  );
  return 0;
}

/** Prints only what a step of a workflow appends to $GITHUB_OUTPUT. */
async function up(): Promise<number> {
  const lab = await labOrThrow(progress);
  const cluster = await startCluster(lab, { name: 'workflow', nodes: 3 });
  const outputs = {
    nodes: inventory(cluster.nodes),
    'ssh-private-key': privateKeyOf(lab.identity),
    'ssh-known-hosts': knownHosts([cluster.master]),
    'shipyard-master': `root@${cluster.master.address}:22`,
  };
  for (const [name, value] of Object.entries(outputs))
    console.log(`${name}<<END-OF-OUTPUT\n${value}\nEND-OF-OUTPUT`);
  return 0;
}

/**
 * What tests would make when they first need it, for a machine that has something else to do until then. Without the lock
 * of the lab, so that tests which need none of these can begin.
 */
async function images(): Promise<number> {
  await labOrThrow(progress);
  for (const kind of allKinds) await ensureNodeImage(progress, kind);
  return 0;
}

async function ssh(machine = 'node1', ...command: readonly string[]): Promise<number> {
  const config = join(demoDir(), 'ssh_config');
  if (!existsSync(config)) throw new Error('there is no demo on this machine: npm run demo');
  await ensurePrograms(progress, [{ command: 'ssh', package: 'openssh-client' }]);
  return spawnSync('ssh', ['-F', config, machine, ...command], { stdio: 'inherit' }).status ?? 1;
}

async function clean(): Promise<number> {
  if ((await findEngine()) !== undefined) await removeOrphans();
  return 0;
}

async function remove(): Promise<number> {
  await removeLab(progress);
  return 0;
}

function help(): number {
  console.error(usage);
  return 2;
}

const commands = new Map<string | undefined, (...args: readonly string[]) => number | Promise<number>>([
  ['up', up],
  ['status', status],
  ['ssh', ssh],
  ['images', images],
  ['clean', clean],
  ['remove', remove],
]);

const [command, ...args] = process.argv.slice(2);
await runProgram(() => (commands.get(command) ?? help)(...args));
