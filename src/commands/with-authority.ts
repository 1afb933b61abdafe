import { authorityWarnings } from '../apply/authority-warnings.ts';
import { createWithConsent, givenAuthority } from '../apply/obtain-authority.ts';
import { isUnkept, publishCertificates } from '../apply/publish-authority.ts';
import { saveAuthority } from '../apply/save-authority.ts';
import { refuseStaleAuthority } from '../apply/stale-authority.ts';
import { scheduleWarning } from '../apply/schedule-warning.ts';
import type { Authority } from '../authority/authority.ts';
import type { ApplyRequest, InitCaRequest } from '../inputs/request.ts';
import { askedOf, readAll, readAsked } from '../observe/read-cluster.ts';
import type { Observation } from '../observe/observe.ts';
import type { Ports } from '../ports/ports.ts';
import type { Cancellation } from '../ports/run.ts';
import { throwIfCancelled } from './cancellation.ts';

/** What a command does with the authority. */
export type AuthorityUse = {
  /** Throws ActionError where the run must end before anything is saved or touched. */
  readonly check?: (authority: Authority, observed: Observation) => void;
  readonly use: (authority: Authority, observed: Observation) => Promise<boolean>;
};

/**
 * Reads nodes and Shipyard, and gets the authority: the given one, or one made with consent. Whatever nobody keeps yet is
 * saved before `use` may touch anything; where the run has to end for that, `use` is not called. Resolves to whether all
 * went well; rejects with ActionError when nothing could be begun.
 */
export async function withAuthority(
  ports: Ports,
  request: ApplyRequest | InitCaRequest,
  cancelled: Cancellation,
  { check, use }: AuthorityUse,
): Promise<boolean> {
  const { workflow, clock } = ports;
  ports.network.checkCredentials(request.ssh);
  const given = givenAuthority(request, clock.now());
  // A CA may be made only with all nodes read; only those that are asked for are changed.
  const observed = await (given ? readAsked : readAll)(ports, request, cancelled);
  try {
    throwIfCancelled(cancelled);
    if (given) refuseStaleAuthority(given, request, observed);
    const authority = given ?? (await createWithConsent(request, observed, clock.now()));
    check?.(authority, askedOf(observed, request));
    const { goesOn } = isUnkept(request, given)
      ? await saveAuthority(authority, request, ports)
      : { goesOn: true };
    publishCertificates(authority, workflow);
    for (const text of authorityWarnings(authority, request, observed.nodes, clock.now()))
      workflow.warning(text);
    const stopped = scheduleWarning(ports.run, request.certificates);
    if (stopped !== undefined) workflow.warning(stopped);
    return goesOn ? await use(authority, askedOf(observed, request)) : true;
  } finally {
    observed.close();
  }
}
