import type { InputReader } from './input-reader.ts';
import { readNodes } from './node-list.ts';
import type { ClusterRequest, Command } from './request.ts';
import { readRollout } from './rollout.ts';
import { readShipyardTarget } from './shipyard-target.ts';
import { readSshCredentials } from './ssh-credentials.ts';

/** What could be read: what is missing here was reported, but for Shipyard, which need not be asked for. */
export type ClusterDraft = { readonly [Key in keyof ClusterRequest]?: ClusterRequest[Key] | undefined };

/** Reads what every command takes that logs in to nodes. */
export function readClusterRequest(reader: InputReader, command: Command): ClusterDraft {
  const nodes = readNodes(reader);
  const ssh = readSshCredentials(reader, command);
  const rollout = readRollout(reader, nodes);
  const shipyard = readShipyardTarget(reader);
  return { nodes, ssh, rollout, shipyard };
}
