import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { endOf } from './killed-run.ts';
import type { Lab } from './lab.ts';
import { type LabNode, pidOfPayload, startPayload } from './node.ts';
import { type Progress } from './progress.ts';
import { type ActionRun, runAction, startAction } from './runner.ts';
import { settled } from './settled.ts';
import { knownHosts } from './ssh-client.ts';
import { nodeInputs } from './drill-cluster.ts';

export type RotationDrill = {
  /** Kills that came before the run's own end. */
  readonly kills: number;
  readonly ended: number;
  readonly faults: readonly string[];
};

/** Those of runs that had not ended. */
const KILLS = 20;

/**
 * Rotates the CA again and again, and kills each rotation at a random moment; the next run must bring it to its end: every
 * node serves and trusts the new generation alone, Shipyard sees its engine up, and the old generation is dropped. A
 * container on each node must keep its process.
 */
export async function drillRotation(
  lab: Lab,
  cluster: Cluster,
  random: () => number,
  progress: Progress,
): Promise<RotationDrill> {
  const pids = await Promise.all(cluster.nodes.map((node) => startPayload(node, 'rotated')));
  const first = await succeed(lab, cluster, { 'create-ca': 'true' });
  // How long a rotation takes is found by one that is not killed.
  let ca = await added(lab, cluster, first.outputs['ca'] ?? '');
  const whole = await succeed(lab, cluster, { ca });
  ca = whole.outputs['ca'] ?? '';
  const faults: string[] = [];
  let ended = 0;
  let kills = 0;
  let failed = 0;
  while (kills + failed < KILLS) {
    const both = await added(lab, cluster, ca);
    const run = startAction(options(lab, cluster, { ca: both, 'rollback-timeout': '30s' }));
    await sleep(random() * whole.durationMs);
    run.signal('SIGKILL');
    const done = await run.done;
    const end = endOf(done);
    if (end === 'ended') ended += 1;
    else if (end === 'killed') kills += 1;
    else {
      failed += 1;
      faults.push(`a run failed before it was killed:\n${done.log}`);
    }
    await sleep(3000);
    await Promise.all(cluster.nodes.map((node) => settled(node, 120)));
    const next = await runAction(options(lab, cluster, { ca: both }));
    ca = next.outputs['ca'] ?? done.outputs['ca'] ?? both;
    faults.push(
      ...(await faultsOf(cluster, next, ca)).map((what) => `rotation ${kills + ended + failed}: ${what}`),
    );
    progress(`${kills} kills of ${KILLS}: ${ended} had ended already, ${faults.length} faults`);
  }
  const after = await Promise.all(cluster.nodes.map((node) => pidOfPayload(node, 'rotated')));
  if (JSON.stringify(after) !== JSON.stringify(pids)) faults.push('a container did not keep its process');
  return { kills, ended, faults };
}

async function faultsOf(cluster: Cluster, run: ActionRun, ca: string): Promise<readonly string[]> {
  if (run.exitCode !== 0) return [`the run after it failed:\n${run.log}`];
  const bundle = Buffer.from(ca, 'base64').toString();
  const [newest = '', ...older] =
    bundle.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  const faults = older.length === 0 ? [] : ['an old generation is still kept'];
  const trusted = await Promise.all(cluster.nodes.map(trustedBy));
  if (!trusted.every((text) => text.trim() === newest)) faults.push('a node trusts another CA');
  const engines = JSON.parse(run.outputs['engines'] ?? '[]') as readonly { readonly health: string }[];
  if (engines.length !== cluster.nodes.length || engines.some(({ health }) => health !== 'up'))
    faults.push('Shipyard does not see every engine up');
  return faults;
}

function trustedBy(node: LabNode): Promise<string> {
  return node.script('cat /etc/docker/shipyard-cluster/current/ca.pem');
}

async function added(lab: Lab, cluster: Cluster, ca: string): Promise<string> {
  return (await succeed(lab, cluster, { ca, command: 'rotate-ca' })).outputs['ca'] ?? '';
}

async function succeed(
  lab: Lab,
  cluster: Cluster,
  inputs: Readonly<Record<string, string>>,
): Promise<ActionRun> {
  const run = await runAction(options(lab, cluster, inputs));
  if (run.exitCode !== 0) throw new Error(run.log);
  return run;
}

function options(lab: Lab, cluster: Cluster, inputs: Readonly<Record<string, string>>) {
  return {
    inputs: {
      ...nodeInputs(lab, cluster),
      'shipyard-master': `root@${cluster.master.address}:22`,
      'ssh-known-hosts': knownHosts([cluster.master]),
      'shipyard-password': 'shipyard',
      'shipyard-mode': 'api',
      ...inputs,
    },
    env: lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost },
  };
}
