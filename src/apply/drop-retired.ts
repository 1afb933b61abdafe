import type { ApplyRequest } from '../inputs/request.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import { errorText } from '../report/error-text.ts';
import { publishCertificates } from './publish-authority.ts';
import { saveAuthority, type SavePorts } from './save-authority.ts';
import type { Stages } from '../plan/stages.ts';

/**
 * Drops the older generations from the authority that is kept, once every node of the inventory was proved to serve and
 * trust the newest alone. Resolves to whether what had to be kept is. Never rejects.
 */
export async function dropRetired(
  arrived: readonly ReachedNode[],
  { authority, end }: Stages,
  request: ApplyRequest,
  ports: SavePorts,
): Promise<boolean> {
  const { workflow } = ports;
  if (end === authority) return true;
  const missing = request.nodes.filter((spec) => !arrived.some((node) => node.spec === spec));
  const older = authority.generations
    .slice(1)
    .map(({ number }) => number)
    .join(', ');
  if (missing.length > 0) {
    workflow.warning(
      `the rotation of the CA is not over: generation ${older} is kept until every node of the inventory serves and trusts the newest alone; missing: ${missing.map(({ name }) => name).join(', ')}`,
    );
    return true;
  }
  workflow.info(`the rotation of the CA is over: generation ${older} is dropped`);
  try {
    await saveAuthority(end, request, ports);
    publishCertificates(end, workflow);
    return true;
  } catch (error) {
    workflow.error(errorText(error));
    return false;
  }
}
