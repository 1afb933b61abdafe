import type { Authority } from '../authority/authority.ts';
import { generationOf } from '../authority/distinguished-name.ts';
import { ActionError } from '../errors.ts';
import type { SetUpRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { printable } from '../report/printable.ts';
import { authoritiesInUse, type AuthorityInUse } from './authorities-in-use.ts';

/**
 * Refuses an authority that is older than what the nodes and Shipyard go by, such as a restored backup: to go on with it
 * would take nodes back to a CA that was rotated away. A CA is newer if it is not in the bundle, by its key id, and
 * began later or has a higher generation. Throws ActionError.
 */
export function refuseStaleAuthority(
  authority: Authority,
  { nodes, replaceCa }: Pick<SetUpRequest, 'nodes' | 'replaceCa'>,
  observed: Pick<Observation, 'nodes' | 'shipyard'>,
): void {
  const newer = authoritiesInUse(observed, nodes).filter(
    (found) => isNewer(found, authority) && !replaceCa.includes(found.keyId),
  );
  if (newer.length > 0) throw stale(newer, authority);
}

function isNewer({ name, keyId, certificate }: AuthorityInUse, { generations }: Authority): boolean {
  const [newest] = generations;
  if (generations.some((known) => known.certificate.keyId === keyId)) return false;
  const number = generationOf(name);
  // Without a generation in its name it is none of ours, and what it may do on a node is not for its age to say.
  if (number === undefined) return false;
  return (
    number > newest.number ||
    (certificate !== undefined && certificate.notBefore > newest.certificate.notBefore)
  );
}

function stale(newer: readonly AuthorityInUse[], { generations: [newest] }: Authority): ActionError {
  const lines = newer.map(
    ({ holder, name, keyId, role }) =>
      `${printable(holder)} ${role === 'issuer' ? 'has a certificate of' : 'trusts'} a CA that is newer than the given one, and not part of it: ${printable(name)}, key id ${keyId}`,
  );
  const ids = [...new Set(newer.map(({ keyId }) => keyId))].join(',');
  return new ActionError({
    message: `${lines.join('\n')}\nthe newest that was given is ${newest.certificate.subject}, key id ${newest.certificate.keyId}; no node was touched`,
    hint: `the CA is a stale copy: store the newest one and run again. If that one is lost, replace-ca: ${ids} is the consent to go on with this older one`,
  });
}
