import { stringify } from 'yaml';
import { bootMachine, containerName } from './container.ts';
import { dockerLines } from './docker.ts';
import { type NodeImage, ensureNodeImage } from './images.ts';
import type { Lab } from './lab.ts';
import { exclusively } from './lock.ts';
import { type LabMaster, bootMaster, startMaster } from './master.ts';
import { removeMachines } from './membership.ts';
import { networkName } from './network.ts';
import { type LabNode, startNode } from './node.ts';
import { progressTo } from './progress.ts';
import { labLabel } from './state.ts';

/** Some nodes and the host of their Shipyard controller. */
export type Cluster = Nodes & { readonly master: LabMaster };

/** The same without a Shipyard. */
export type Nodes = { readonly nodes: readonly LabNode[] };

export type ClusterOptions = {
  /** Part of every container's name; two clusters of one name cannot be. */
  readonly name: string;
  /** How many of the usual kind, or one of each of these kinds. */
  readonly nodes: number | readonly NodeImage[];
  /** The addresses stay when the machines are restarted: this last byte for the master, the next ones for the nodes. */
  readonly host?: number;
  /** See `MachineOptions`. */
  readonly ownerPid?: number;
};

/** Boots all machines at once and resolves when each is ready. What has started is removed when one fails. */
export async function startCluster(
  lab: Lab,
  { nodes, name: cluster, host, ...owner }: ClusterOptions,
): Promise<Cluster> {
  const master = startMaster(lab, { cluster, ...owner, ...hostNumber(host, 0) });
  const others = startNodes(lab, { name: cluster, nodes, ...owner, ...hostNumber(host, 0) });
  try {
    const [first, rest] = await Promise.all([master, others]);
    return { master: first, ...rest };
  } catch (error) {
    // Those that still start would be missed.
    await Promise.allSettled([master, others]);
    await removeCluster(cluster);
    throw error;
  }
}

/** The same without a master. */
export async function startNodes(
  lab: Lab,
  { nodes, name: cluster, host, ...owner }: ClusterOptions,
): Promise<Nodes> {
  const images = typeof nodes === 'number' ? undefined : await imagesOf(nodes);
  const started = nodeNames(nodes).map((name, index) => {
    const image = images?.[index];
    return startNode(lab, {
      cluster,
      name,
      ...owner,
      ...hostNumber(host, index + 1),
      ...(image !== undefined && { image }),
    });
  });
  try {
    return { nodes: await Promise.all(started) };
  } catch (error) {
    await Promise.allSettled(started);
    await removeCluster(cluster);
    throw error;
  }
}

/** Takes up a cluster that exists, booting what does not run; undefined when it is not there as a whole. */
export async function findCluster(lab: Lab, { name, nodes }: ClusterOptions): Promise<Cluster | undefined> {
  const expected = [
    ...nodeNames(nodes).map((node) => `${containerName(name, node)} ${lab.images.node}`),
    `${containerName(name, 'master')} ${lab.images.master}`,
  ];
  const filter = `label=${labLabel}.cluster=${name}`;
  const present = await dockerLines(['ps', '--all', '--filter', filter, '--format', '{{.Names}} {{.Image}}']);
  if (!expected.every((machine) => present.includes(machine))) return undefined;
  const [master, ...rest] = await Promise.all([
    bootMaster(lab, name),
    ...nodeNames(nodes).map((node) => bootMachine(lab, name, node)),
  ]);
  return { master, nodes: rest };
}

export async function removeCluster(name: string): Promise<void> {
  await removeContainers(`label=${labLabel}.cluster=${name}`);
}

/** Removes what tests left behind whose process was killed before it could clean up. */
export async function removeOrphans(): Promise<void> {
  const format = `{{.ID}} {{.Label "${labLabel}.owner"}}`;
  const owned = await dockerLines(['ps', '--all', '--filter', `label=${labLabel}.owner`, '--format', format]);
  const orphans = owned.map((line) => line.split(' ')).filter(([, pid]) => !isAlive(Number(pid)));
  const ids = orphans.flatMap(([id = '']) => id);
  await removeMachines(networkName, ids);
}

export async function removeContainers(filter: string): Promise<void> {
  const ids = await dockerLines(['ps', '--all', '--quiet', '--filter', filter]);
  await removeMachines(networkName, ids);
}

/** The inventory of these nodes as the action reads it. `extra` fields are added to each node. */
export function inventory(nodes: readonly LabNode[], extra: Readonly<Record<string, unknown>> = {}): string {
  return stringify(
    {
      nodes: nodes.map((node) => ({
        name: node.name,
        host: node.address,
        'host-keys': [...node.hostKeys],
        ...extra,
      })),
    },
    { lineWidth: 0 },
  );
}

function hostNumber(first: number | undefined, index: number): { readonly host?: number } {
  return first === undefined ? {} : { host: first + index };
}

/** Kinds that no other lab needed before are built here. Each is looked for once, however many nodes are of it. */
function imagesOf(kinds: readonly NodeImage[]): Promise<readonly string[]> {
  return exclusively('lab', async () => {
    const tags = new Map<NodeImage, string>();
    for (const kind of new Set(kinds))
      tags.set(kind, await ensureNodeImage(progressTo(process.stderr), kind));
    return kinds.flatMap((kind) => tags.get(kind) ?? []);
  });
}

function nodeNames(nodes: ClusterOptions['nodes']): readonly string[] {
  const count = typeof nodes === 'number' ? nodes : nodes.length;
  return Array.from({ length: count }, (_, index) => `node${index + 1}`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
