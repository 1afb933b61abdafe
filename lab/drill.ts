import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Cluster, removeCluster, startCluster } from './cluster.ts';
import { nodeInputs } from './drill-cluster.ts';
import { type Lab, ensureLab } from './lab.ts';
import { type LabNode, pidOfPayload, startPayload } from './node.ts';
import { runProgram } from './program.ts';
import { progressTo, seconds } from './progress.ts';
import { drillRotation, type RotationDrill } from './rotation-drill.ts';
import { type ActionRun, runAction, startAction } from './runner.ts';
import { settled } from './settled.ts';

const NODES = 5;
const ROUNDS = 20;
/** A renewal takes about that long; a kill may come at any moment of it. */
const LONGEST_MS = 6000;
/** A rotation of two nodes goes through everything; its runs take longer. */
const ROTATED_NODES = 2;
const progress = progressTo(process.stdout);

/**
 * Kills the action at random moments of a renewal, one process a node, and looks at each node afterwards: it must be
 * exactly as before, or converged. Writes the figures to docs/drill.md.
 */
async function drill(): Promise<number> {
  const lab = await ensureLab(progress);
  if (lab.kind === 'unavailable') throw new Error(lab.reason);
  const seed = Number(process.argv[2] ?? Date.now());
  const random = generator(seed);
  const started = Date.now();
  const renewal = await onCluster(lab, NODES, (cluster) => rounds(lab, cluster, random));
  const rotation = await onCluster(lab, ROTATED_NODES, (cluster) =>
    drillRotation(lab, cluster, random, progress),
  );
  write(seed, renewal, rotation, Date.now() - started);
  const faults = [...renewal.faults, ...rotation.faults];
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'no fault' : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

async function onCluster<T>(lab: Lab, nodes: number, body: (cluster: Cluster) => Promise<T>): Promise<T> {
  try {
    return await body(await startCluster(lab, { name: 'drill', nodes, ownerPid: process.pid }));
  } finally {
    await removeCluster('drill');
  }
}

type RenewalDrill = {
  readonly count: Readonly<Record<'before' | 'converged' | 'ended', number>>;
  readonly faults: readonly string[];
};

async function rounds(lab: Lab, cluster: Cluster, random: () => number): Promise<RenewalDrill> {
  const pids = await Promise.all(cluster.nodes.map((node) => startPayload(node, 'counter')));
  const first = await action(lab, cluster, { 'create-ca': 'true' });
  const ca = first.outputs['ca'] ?? '';
  if (first.exitCode !== 0) throw new Error(first.log);
  const count = { before: 0, converged: 0, ended: 0 };
  const faults: string[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const results = await Promise.all(
      cluster.nodes.map((node) => killOne(lab, cluster, node, ca, random() * LONGEST_MS)),
    );
    for (const result of results) {
      if (result.kind === 'fault') faults.push(`round ${round}: ${result.what}`);
      else count[result.kind] += 1;
    }
    progress(`round ${round} of ${ROUNDS}: ${JSON.stringify(count)}, ${faults.length} faults`);
  }
  const last = await action(lab, cluster, { ca });
  if (last.exitCode !== 0) faults.push(`the last run failed:\n${last.log}`);
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
  const run = startAction(
    options(lab, cluster, { ca, only: node.name, 'force-renew': 'all', 'rollback-timeout': '30s' }),
  );
  await sleep(afterMs);
  run.signal('SIGKILL');
  const { exitCode } = await run.done;
  // What was begun on the node goes on without us; its undo comes within 30 s.
  await sleep(3000);
  await settled(node, 120);
  const after = await state(node);
  if (after.served !== after.installed)
    return { kind: 'fault', what: `${node.name} serves ${after.served}, has ${after.installed}` };
  if (JSON.stringify(after) === JSON.stringify(before)) return { kind: 'before' };
  if (exitCode === 0) return { kind: 'ended' };
  return after.served !== before.served && after.config === before.config
    ? { kind: 'converged' }
    : {
        kind: 'fault',
        what: `${node.name} is neither as before nor converged: ${JSON.stringify({ before, after })}`,
      };
}

async function state(node: LabNode): Promise<{ served: string; installed: string; config: string }> {
  const [served = '', installed = '', config = ''] = (
    await node.script(`
      echo | openssl s_client -connect 127.0.0.1:2376 2>/dev/null | openssl x509 -noout -serial 2>/dev/null || echo none
      openssl x509 -in /etc/docker/shipyard-cluster/current/cert.pem -noout -serial 2>/dev/null || echo none
      cd /etc && cat docker/daemon.json systemd/system/docker.service.d/* systemd/system/shipyard-cluster* 2>/dev/null | sha256sum`)
  ).split('\n');
  return { served, installed, config };
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

\`npm run drill\` kills the action at random moments of a renewal, ${ROUNDS} rounds over ${NODES} nodes, one process a node, and then
looks at each node; at the end one more run converges all of them. A container on each node must keep its process.

| date | kills | as before | converged | had ended already | faults | took | seed |
|---|---|---|---|---|---|---|---|
| ${date} | ${ROUNDS * NODES} | ${count.before} | ${count.converged} | ${count.ended} | ${faults.length} | ${seconds(durationMs)} | ${seed} |

Then it kills a rotation of the CA of ${ROTATED_NODES} nodes at random moments. The next run must bring each to its end: every node serves
and trusts the new generation alone, Shipyard sees its engine up, the old generation is dropped, and containers keep
their processes.

| date | kills | had ended already | faults |
|---|---|---|---|
| ${date} | ${rotation.kills} | ${rotation.ended} | ${rotation.faults.length} |
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
