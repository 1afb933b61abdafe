import type { InitCaRequest } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { cancellation } from './cancellation.ts';
import { withAuthority } from './with-authority.ts';

/**
 * Makes the authority and stores it, and touches no node. Where one is given nothing is made. Resolves to whether all
 * went well; rejects with ActionError when it was not made or not stored.
 */
export async function initCa(ports: Ports, request: InitCaRequest): Promise<boolean> {
  return withAuthority(ports, request, cancellation(ports, request.rollout), {
    use: () => {
      ports.workflow.info(
        'there is a CA already: nothing was created; a new one in its place takes replace-ca with its key id',
      );
      return Promise.resolve(true);
    },
  });
}
