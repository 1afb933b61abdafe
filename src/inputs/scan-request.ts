import type { SshAddress } from '../inventory/node-spec.ts';
import { before, routeTo, type SshDestination } from '../ssh/route.ts';
import type { InputReader } from './input-reader.ts';
import { readNodes } from './node-list.ts';
import { readNodeSelection } from './node-selection.ts';
import type { ScannedHost, ScanRequest } from './request.ts';
import { readConcurrency, readConnectTimeout } from './rollout.ts';
import { readShipyardMaster } from './shipyard-target.ts';
import { readKeys, readSshNetwork } from './ssh-credentials.ts';

/**
 * Reads what `command: scan-host-keys` takes: which hosts there are, and how to call them. No secret is needed, but for
 * what lies behind a jump host.
 */
export function readScanRequest(reader: InputReader): ScanRequest | undefined {
  const nodes = readNodes(reader);
  const only = nodes && readNodeSelection(reader, nodes);
  const network = readSshNetwork(reader);
  const { keys, passphrase } = readKeys(reader, reader.secret('ssh-private-key'));
  const concurrency = readConcurrency(reader);
  const connectTimeoutSeconds = readConnectTimeout(reader);
  const master = readShipyardMaster(reader);
  if (!nodes || !only || !network || !concurrency || !connectTimeoutSeconds) return undefined;

  const asked: readonly NamedHost[] = nodes
    .filter(({ name }) => only === 'all' || only.includes(name))
    .map(({ name, ssh, jumps = network.jumps }) => ({ name, address: ssh, jumps }));
  const named = master
    ? [...asked, { name: 'shipyard-master', address: master, jumps: network.jumps }]
    : asked;
  const hosts = distinct([...named, ...named.flatMap(jumpHostsOf)]).map(({ name, ...destination }) => ({
    name,
    route: routeTo(destination, network),
  }));
  const isNeeded = hosts.some(({ route }) => route.jumps.length > 0);
  const ssh =
    isNeeded && keys.length > 0
      ? { privateKeys: keys, ...network, ...(passphrase && { passphrase }) }
      : undefined;
  return { command: 'scan-host-keys', hosts, ssh, concurrency, connectTimeoutSeconds };
}

type NamedHost = Pick<ScannedHost, 'name'> & SshDestination & { readonly jumps: readonly SshAddress[] };

/** The hosts on the way to one, each reached through those before it. */
function jumpHostsOf({ address, jumps }: NamedHost): readonly NamedHost[] {
  return before(address, jumps).map((jump, index) => ({
    name: `jump host ${jump.host}`,
    address: jump,
    jumps: jumps.slice(0, index),
  }));
}

function distinct(hosts: readonly NamedHost[]): readonly NamedHost[] {
  const seen = new Map<string, NamedHost>();
  for (const host of hosts) {
    const server = `${host.address.host} ${host.address.port}`;
    if (!seen.has(server)) seen.set(server, host);
  }
  return [...seen.values()];
}
