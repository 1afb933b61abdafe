import type { Cluster, Nodes } from '../../../lab/cluster.ts';
import type { Lab } from '../../../lab/lab.ts';
import { type ActionOptions, type ActionRun, runAction } from '../../../lab/runner.ts';
import { nodeInputs, shipyardInputs } from './inputs.ts';

export const caPassphrase = 'a passphrase of the lab';

export type Inputs = Readonly<Record<string, string>>;

/** Runs the action over a cluster, and its Shipyard if it has one. An input with the value `''` takes one away. */
export function apply(
  lab: Lab,
  cluster: Nodes | Cluster,
  inputs: Inputs,
  options: Omit<ActionOptions, 'inputs'> = {},
): Promise<ActionRun> {
  return runAction({
    ...options,
    inputs: {
      ...nodeInputs(lab, cluster),
      ...('master' in cluster ? shipyardInputs(cluster) : {}),
      'ca-passphrase': caPassphrase,
      ...inputs,
    },
    env: { ...(lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost }), ...options.env },
  });
}

/** The first run: it makes the CA. Rejects with the log unless it ends well. Returns the run and the CA for the next. */
export async function firstRun(
  lab: Lab,
  cluster: Nodes | Cluster,
  inputs: Inputs = {},
  options: Omit<ActionOptions, 'inputs'> = {},
): Promise<{ readonly run: ActionRun; readonly ca: string }> {
  const run = await apply(lab, cluster, { 'create-ca': 'true', ...inputs }, options);
  if (run.exitCode !== 0) throw new Error(run.log);
  return { run, ca: run.outputs['ca'] ?? '' };
}

/** A JSON output as data; throws with the log where there is none. */
export function json(run: ActionRun, output: string): readonly Readonly<Record<string, unknown>>[] {
  const text = run.outputs[output];
  if (text === undefined) throw new Error(run.log);
  return JSON.parse(text) as readonly Readonly<Record<string, unknown>>[];
}
