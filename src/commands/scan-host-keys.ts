import pLimit from 'p-limit';
import { ActionError } from '../errors.ts';
import type { ScannedHost, ScanRequest } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { reportHostKeys, type ScanOutcome } from '../report/host-keys.ts';
import type { HostKey } from '../ssh/host-key.ts';

/**
 * Shows the host keys that the nodes and the other hosts offer, to be compared with the hosts' own and then made
 * known. Nobody is logged in to but the jump hosts that are in between. Resolves to whether every host was scanned.
 */
export async function scanHostKeys({ network, workflow }: Ports, request: ScanRequest): Promise<boolean> {
  const { hosts, ssh, concurrency, connectTimeoutSeconds } = request;
  if (ssh) network.checkCredentials(ssh);
  const limit = pLimit(concurrency);
  const scan = async ({ route }: ScannedHost): Promise<readonly HostKey[]> => {
    if (route.jumps.length > 0 && !ssh) throw behindJumpHost(route.jumps.at(-1)?.address.host ?? '');
    return network.hostKeys(route, ssh, connectTimeoutSeconds * 1000);
  };
  const outcomes = await workflow.group('Scanning host keys', () =>
    Promise.all(
      hosts.map((host) =>
        limit(() => scan(host)).then(
          (keys): ScanOutcome => ({ kind: 'scanned', host, keys }),
          (error: unknown): ScanOutcome => ({ kind: 'failed', host, error }),
        ),
      ),
    ),
  );
  return reportHostKeys(workflow, outcomes);
}

function behindJumpHost(jump: string): ActionError {
  return new ActionError({
    message: `ssh: not scanned, since it is behind the jump host ${jump}, which has to be logged in to`,
    hint: 'give ssh-private-key, and the host key of the jump host in ssh-known-hosts; or scan from a machine that reaches the host directly',
  });
}
