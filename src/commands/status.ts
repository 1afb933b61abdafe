import type { StatusRequest } from '../inputs/request.ts';
import { readAsked } from '../observe/read-cluster.ts';
import type { Ports } from '../ports/ports.ts';
import { reportStatus } from '../report/status-report.ts';
import { cancellation } from './cancellation.ts';

/**
 * Says how nodes, certificates and engines are, without any wish how they should be, and changes nothing. Resolves to
 * whether all could be read; rejects with ActionError when nothing could be begun.
 */
export async function status(ports: Ports, request: StatusRequest): Promise<boolean> {
  const { workflow, network, clock } = ports;
  const cancelled = cancellation(ports, request.rollout);
  network.checkCredentials(request.ssh);
  const observed = await readAsked(ports, request, cancelled);
  observed.close();
  return reportStatus(workflow, observed, clock.now());
}
