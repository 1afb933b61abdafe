import { authoritySpec, givenAuthority } from '../apply/obtain-authority.ts';
import { publishCertificates } from '../apply/publish-authority.ts';
import { saveAuthority } from '../apply/save-authority.ts';
import { withShipyardSetUp } from '../apply/set-up-shipyard.ts';
import { refuseStaleAuthority } from '../apply/stale-authority.ts';
import type { Authority } from '../authority/authority.ts';
import { addGeneration } from '../authority/create.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import { askedOf, readAll } from '../observe/read-cluster.ts';
import type { ObservedNode } from '../observe/observe-node.ts';
import { rotationUnderWay } from '../plan/rotation.ts';
import type { Ports } from '../ports/ports.ts';
import { cancellation, throwIfCancelled } from './cancellation.ts';
import { converge } from './converge.ts';

/**
 * Adds a generation to the authority and stores it; then goes on as `apply` does where it is kept for good, and ends
 * where somebody has to keep it first. While an earlier rotation is under way it adds none, and carries that one on.
 * Resolves to whether all went well; rejects with ActionError when nothing could be begun.
 */
export async function rotateCa(ports: Ports, request: ApplyRequest): Promise<boolean> {
  const { clock, network } = ports;
  const cancelled = cancellation(ports, request.rollout);
  network.checkCredentials(request.ssh);
  const given = givenAuthority(request, clock.now());
  if (given === undefined) throw new Error('the inputs were checked: rotate-ca is given an authority');
  // Whether a rotation may begin depends on every node, also where only some are to be changed.
  const observed = await readAll(ports, request, cancelled);
  try {
    throwIfCancelled(cancelled);
    refuseStaleAuthority(given, request, observed);
    const { authority, goesOn } = await nextAuthority(given, observed.nodes, request, ports);
    if (!goesOn) return true;
    return await withShipyardSetUp(ports, request, askedOf(observed, request), (settled) =>
      converge(ports, request, settled, authority, cancelled),
    );
  } finally {
    observed.close();
  }
}

async function nextAuthority(
  given: Authority,
  nodes: readonly ObservedNode[],
  request: ApplyRequest,
  ports: Ports,
): Promise<{ readonly authority: Authority; readonly goesOn: boolean }> {
  const { workflow, clock } = ports;
  const why = rotationUnderWay(given, nodes, request);
  if (why !== undefined) {
    workflow.warning(
      `no generation is added to the CA, since the last one is not everywhere yet: ${why}; this run carries on with that one`,
    );
    publishCertificates(given, workflow);
    return { authority: given, goesOn: true };
  }
  const authority = await addGeneration(given, authoritySpec(request.certificates, clock.now()));
  const [newest] = authority.generations;
  workflow.info(`generation ${newest.number} of the CA was made: key id ${newest.certificate.keyId}`);
  const { goesOn } = await saveAuthority(authority, request, ports);
  publishCertificates(authority, workflow);
  if (!goesOn) workflow.warning(KEEP_FIRST);
  return { authority, goesOn };
}

const KEEP_FIRST =
  'no node was touched: keep the new CA as the input `ca` reads it, then run command apply, which carries on the rotation';
