import type { InputReader } from './input-reader.ts';
import { readNodes } from './node-list.ts';
import { readNodeSelection } from './node-selection.ts';
import type { ScannedHost, ScanRequest } from './request.ts';
import { readConcurrency, readConnectTimeout } from './rollout.ts';
import { readShipyardMaster } from './shipyard-target.ts';

/** Reads what `command: scan-host-keys` takes: which hosts there are, and how to call them. No secret is needed. */
export function readScanRequest(reader: InputReader): ScanRequest | undefined {
  const nodes = readNodes(reader);
  const only = nodes && readNodeSelection(reader, nodes);
  const concurrency = readConcurrency(reader);
  const connectTimeoutSeconds = readConnectTimeout(reader);
  const master = readShipyardMaster(reader);
  if (!nodes || !only || !concurrency || !connectTimeoutSeconds) return undefined;
  const asked = nodes.filter(({ name }) => only === 'all' || only.includes(name));
  const named = asked.map(({ name, ssh }) => ({ name, address: ssh }));
  const hosts = master ? [...named, { name: 'shipyard-master', address: master }] : named;
  return { command: 'scan-host-keys', hosts: distinct(hosts), concurrency, connectTimeoutSeconds };
}

function distinct(hosts: readonly ScannedHost[]): readonly ScannedHost[] {
  const seen = new Map<string, ScannedHost>();
  for (const host of hosts) {
    const server = `${host.address.host} ${host.address.port}`;
    if (!seen.has(server)) seen.set(server, host);
  }
  return [...seen.values()];
}
