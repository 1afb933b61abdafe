import pLimit from 'p-limit';
import { lookAtNode } from '../check/port-sight.ts';
import { checkAuthority, checkNode } from '../check/verdict.ts';
import type { CheckRequest } from '../inputs/request.ts';
import { observeShipyard } from '../observe/observe-shipyard.ts';
import type { Ports } from '../ports/ports.ts';
import { reportCheck } from '../report/check-report.ts';

/**
 * Reads the certificates that the nodes serve, and those that Shipyard shows them, and says which of them are wrong or
 * about to end. Changes nothing. Resolves to whether nothing fatal was found.
 */
export async function check(ports: Ports, request: CheckRequest): Promise<boolean> {
  const { network, workflow, clock } = ports;
  const { nodes, ssh, shipyard, policy, concurrency } = request;
  if (ssh) network.checkCredentials(ssh);
  const logins = pLimit(concurrency);
  const [sights, listed] = await workflow.group('Reading certificates', () =>
    Promise.all([
      Promise.all(nodes.map((spec) => lookAtNode(network, spec, request, logins))),
      observeShipyard(ports, shipyard, ssh, request, { mayChange: false, only: 'all' }),
    ]),
  );
  if (listed.kind === 'reached') listed.close();
  const now = clock.now();
  const checked = nodes.map((spec, index) => {
    const sight = sights[index];
    if (!sight) throw new Error(`${spec.name} was not looked at`);
    return checkNode(spec, sight, listed, policy, now);
  });
  const authority = checkAuthority(checked, policy, now);
  return reportCheck(workflow, { nodes: checked, authority, shipyard: listed, policy }, now);
}
