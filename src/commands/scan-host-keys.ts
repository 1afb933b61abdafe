import pLimit from 'p-limit';
import type { ScannedHost, ScanRequest } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { reportHostKeys, type ScanOutcome } from '../report/host-keys.ts';

/**
 * Shows the host keys that the nodes and the other hosts offer, to be compared with the hosts' own and then made
 * known. Nobody is logged in to. Resolves to whether every host was scanned.
 */
export async function scanHostKeys(ports: Ports, request: ScanRequest): Promise<boolean> {
  const { hosts, concurrency, connectTimeoutSeconds } = request;
  const limit = pLimit(concurrency);
  const scan = async (host: ScannedHost): Promise<ScanOutcome> => {
    try {
      const keys = await ports.network.hostKeys(host.address, connectTimeoutSeconds * 1000);
      return { kind: 'scanned', host, keys };
    } catch (error) {
      return { kind: 'failed', host, error };
    }
  };
  const outcomes = await Promise.all(hosts.map((host) => limit(() => scan(host))));
  return reportHostKeys(ports.workflow, outcomes);
}
