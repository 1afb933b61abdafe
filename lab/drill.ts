import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Cluster, removeCluster, startCluster } from './cluster.ts';
import { nodeInputs } from './drill-cluster.ts';
import { endOf } from './killed-run.ts';
import { type Lab, labOrThrow } from './lab.ts';
import { nodeFiles } from './node-files.ts';
import { type LabNode, pidOfPayload, startPayload } from './node.ts';
import { runProgram } from './program.ts';
import { progressTo, seconds } from './progress.ts';
import { drillRotation, type RotationDrill } from './rotation-drill.ts';
import { type ActionRun, runAction, startAction } from './runner.ts';
import { settled } from './settled.ts';

const NODES = 5;
/** Those of runs that had not ended. */
const KILLS = 100;
/** A rotation of two nodes goes through everything; its runs take longer. */
const ROTATED_NODES = 2;
const progress = progressTo(process.stdout);

/**
 * Kills the action at random moments of a renewal, one process a node, and looks at each node afterwards: it must be
 * exactly as before, or converged. At the same time the same of a rotation. Writes the figures to docs/drill.md.
 */
async function drill(): Promise<number> {
  const lab = await labOrThrow(progress);
  const seed = Number(process.argv[2] ?? Date.now());
  const started = Date.now();
  // They mostly wait for undos.
  const [renewal, rotation] = await Promise.all([
    onCluster(lab, 'drill-renewal', NODES, (cluster) => rounds(lab, cluster, generator(seed))),
    onCluster(lab, 'drill-rotation', ROTATED_NODES, (cluster) =>
      drillRotation(lab, cluster, generator(seed + 1), progress),
    ),
  ]);
  write(seed, renewal, rotation, Date.now() - started);
  const faults = [...renewal.faults, ...rotation.faults];
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'no fault' : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

async function onCluster<T>(
  lab: Lab,
  name: string,
  nodes: number,
  body: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  try {
    return await body(await startCluster(lab, { name, nodes, ownerPid: process.pid }));
  } finally {
    await removeCluster(name);
  }
}

type RenewalDrill = {
  readonly count: Count;
  readonly faults: readonly string[];
};
type Count = Record<'before' | 'converged' | 'ended', number>;

async function rounds(lab: Lab, cluster: Cluster, random: () => number): Promise<RenewalDrill> {
  const pids = await Promise.all(cluster.nodes.map((node) => startPayload(node, 'counter')));
  const first = await action(lab, cluster, { 'create-ca': 'true' });
  const ca = first.outputs['ca'] ?? '';
  if (first.exitCode !== 0) throw new Error(first.log);
  // How long a renewal takes is found by some that are not killed, as many at once as in a round.
  const whole = await Promise.all(
    cluster.nodes.map((node) => startAction(renewal(lab, cluster, node, ca)).done),
  );
  const failed = whole.find(({ exitCode }) => exitCode !== 0);
  if (failed !== undefined) throw new Error(failed.log);
  const longestMs = Math.max(...whole.map(({ durationMs }) => durationMs));
  progress(`a renewal takes up to ${seconds(longestMs)}`);
  const count: Count = { before: 0, converged: 0, ended: 0 };
  const faults: string[] = [];
  const kills = () => count.before + count.converged + faults.length;
  while (kills() < KILLS) {
    const results = await Promise.all(
      cluster.nodes.map((node) => killOne(lab, cluster, node, ca, random() * longestMs)),
    );
    for (const result of results) {
      if (result.kind === 'fault') faults.push(result.what);
      else count[result.kind] += 1;
    }
    progress(`${kills()} kills of ${KILLS}: ${JSON.stringify(count)}, ${faults.length} faults`);
  }
  const last = await action(lab, cluster, { ca });
  if (last.exitCode !== 0) faults.push(`the last run failed:\n${last.log}`);
  const states = await Promise.all(cluster.nodes.map(state));
  faults.push(...states.filter((one) => !isWhole(one)).map((one) => `not converged: ${one.files}`));
  const after = await Promise.all(cluster.nodes.map((node) => pidOfPayload(node, 'counter')));
  if (JSON.stringify(after) !== JSON.stringify(pids)) faults.push('a container did not keep its process');
  return { count, faults };
}

type Result =
  { readonly kind: 'before' | 'converged' | 'ended' } | { readonly kind: 'fault'; readonly what: string };

async function killOne(
  lab: Lab,
  cluster: Cluster,
  node: LabNode,
  ca: string,
  afterMs: number,
): Promise<Result> {
  const before = await state(node);
  const run = startAction(renewal(lab, cluster, node, ca));
  await sleep(afterMs);
  run.signal('SIGKILL');
  const done = await run.done;
  // What was begun on the node goes on without us; its undo comes within 30 s.
  await sleep(3000);
  await settled(node, 120);
  const after = await state(node);
  const end = endOf(done);
  if (end === 'failed') return { kind: 'fault', what: `a run failed before it was killed:\n${done.log}` };
  if (end === 'ended')
    return isWhole(after)
      ? { kind: 'ended' }
      : { kind: 'fault', what: `${node.name} is not converged after a whole run: ${JSON.stringify(after)}` };
  if (JSON.stringify(after) === JSON.stringify(before)) return { kind: 'before' };
  return isWhole(after) && after.served !== before.served && after.config === before.config
    ? { kind: 'converged' }
    : {
        kind: 'fault',
        what: `${node.name} is neither as before nor converged: ${JSON.stringify({ before, after })}`,
      };
}

/** What a node serves and has: certificates by their numbers, the configuration by its checksum, and every file. */
type State = Readonly<Record<'served' | 'installed' | 'config' | 'own' | 'files', string>>;

/** It serves what lies on it, and nothing of a change or of an older set is left. */
function isWhole({ served, installed, own }: State): boolean {
  return served === installed && served !== 'none' && own === 'current origin.json sets, 1';
}

async function state(node: LabNode): Promise<State> {
  const [served = '', installed = '', config = '', own = ''] = (
    await node.script(`
      echo | openssl s_client -connect 127.0.0.1:2376 2>/dev/null | openssl x509 -noout -serial 2>/dev/null || echo none
      openssl x509 -in /etc/docker/shipyard-cluster/current/cert.pem -noout -serial 2>/dev/null || echo none
      cd /etc && cat docker/daemon.json systemd/system/docker.service.d/* systemd/system/shipyard-cluster* 2>/dev/null | sha256sum
      cd docker/shipyard-cluster && echo $(ls), $(ls sets | wc -l)`)
  ).split('\n');
  return { served, installed, config, own, files: await nodeFiles(node) };
}

function renewal(lab: Lab, cluster: Cluster, node: LabNode, ca: string) {
  return options(lab, cluster, {
    ca,
    only: node.name,
    'force-renew': 'all',
    'rollback-timeout': '30s',
  });
}

function action(lab: Lab, cluster: Cluster, inputs: Readonly<Record<string, string>>): Promise<ActionRun> {
  return runAction(options(lab, cluster, inputs));
}

function options(lab: Lab, cluster: Cluster, inputs: Readonly<Record<string, string>>) {
  return {
    inputs: { ...nodeInputs(lab, cluster), ...inputs },
  };
}

function write(
  seed: number,
  { count, faults }: RenewalDrill,
  rotation: RotationDrill,
  durationMs: number,
): void {
  const date = new Date().toISOString().slice(0, 10);
  const text = `# The last drill

\`npm run drill\` kills the action at random moments of a renewal, over ${NODES} nodes, one process a node, until it has killed ${KILLS} that had
not ended by themselves. After each kill the node must be exactly as before (what it serves and every file) or converged:
it serves the new certificate, and nothing of the change is left. At the end one more run converges all of them. A
container on each node must keep its process. A run that failed before it was killed is a fault.

| date | kills | as before | converged | had ended already | faults | seed |
|---|---|---|---|---|---|---|
| ${date} | ${count.before + count.converged + faults.length} | ${count.before} | ${count.converged} | ${count.ended} | ${faults.length} | ${seed} |

At the same time it kills a rotation of the CA of ${ROTATED_NODES} nodes at random moments. The next run must bring each to its end: every node serves
and trusts the new generation alone, Shipyard sees its engine up, the old generation is dropped, and containers keep
their processes.

| date | kills | had ended already | faults |
|---|---|---|---|
| ${date} | ${rotation.kills} | ${rotation.ended} | ${rotation.faults.length} |

Both together took ${seconds(durationMs)}.
`;
  writeFileSync(fileURLToPath(new URL('../docs/drill.md', import.meta.url)), text);
}

/** Park and Miller's generator: a drill can be repeated by its seed. */
function generator(seed: number): () => number {
  let value = (Math.abs(Math.floor(seed)) % 2147483646) + 1;
  return () => {
    value = (value * 48271) % 2147483647;
    return value / 2147483647;
  };
}

await runProgram(drill);
