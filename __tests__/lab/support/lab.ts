import { afterAll, beforeAll, describe, jest, test } from '@jest/globals';
import {
  type Cluster,
  type ClusterOptions,
  type Nodes,
  removeCluster,
  startCluster,
  startNodes,
} from '../../../lab/cluster.ts';
import type { Unavailable } from '../../../lab/engine.ts';
import { type NodeImage, bookworm, withoutIptables } from '../../../lab/images.ts';
import type { Lab } from '../../../lab/lab.ts';

/**
 * A suite that needs real nodes. Where there can be none it is reported as skipped, with the reason in its title; with
 * LAB_REQUIRED=1 it fails instead. No other place decides about a skip.
 */
export function describeLab(title: string, body: (lab: Lab) => void): void {
  const lab = JSON.parse(process.env['SHIPYARD_LAB'] ?? missing) as Lab | Unavailable;
  // A node's Docker takes seconds to restart, more on a busy machine.
  jest.setTimeout(240_000);
  if (lab.kind === 'lab') {
    describe(title, () => body(lab));
  } else if (process.env['LAB_REQUIRED'] === '1') {
    describe(title, () => {
      test('has a lab', () => {
        throw new Error(lab.reason);
      });
    });
  } else {
    describe.skip(`${title} (skipped: ${lab.reason})`, () => {
      test('needs the lab', () => undefined);
    });
  }
}

/**
 * A cluster that lives as long as the suite in which this is called. A number of nodes is of Debian 12, with a Docker that
 * starts in half the time since it makes no rules for packets. The function returned is for its tests.
 */
export function useCluster(lab: Lab, nodes: number | readonly NodeImage[]): () => Cluster {
  return used(startCluster, lab, nodes);
}

/** The same without a Shipyard, for suites that are about nodes alone. */
export function useNodes(lab: Lab, nodes: number | readonly NodeImage[]): () => Nodes {
  return used(startNodes, lab, nodes);
}

function used<T>(
  start: (lab: Lab, options: ClusterOptions) => Promise<T>,
  lab: Lab,
  nodes: number | readonly NodeImage[],
): () => T {
  const kinds = typeof nodes === 'number' ? Array.from({ length: nodes }, () => usual) : nodes;
  clusters += 1;
  const name = `test-${process.pid}-${clusters}`;
  let cluster: T | undefined;
  beforeAll(async () => {
    cluster = await start(lab, { name, nodes: kinds, ownerPid: process.pid });
  }, IMAGE_TIMEOUT_MS);
  afterAll(async () => removeCluster(name));
  return () => {
    if (cluster === undefined) throw new Error('the cluster exists only while tests run');
    return cluster;
  };
}

const usual = withoutIptables(bookworm);

let clusters = 0;

/** A kind of node that was not needed before has to be built first, after those that others wait for. */
const IMAGE_TIMEOUT_MS = 1_200_000;

const missing = JSON.stringify({
  kind: 'unavailable',
  reason: 'the global setup of the lab project did not run',
});
