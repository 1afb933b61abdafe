import { isDeepStrictEqual } from 'node:util';
import { authorityOf, newestAlone, type Authority, type Generation } from '../authority/authority.ts';
import { readCertificate, readCertificates } from '../authority/certificate.ts';
import type { ObservedNode } from '../observe/observe-node.ts';
import type { NodeObservation } from './node-plan.ts';

/**
 * The authority as a node is to see it whose clients have not followed yet: who issues its certificate, and whom it
 * trusts. It serves what it does and trusts all generations, or the newest alone where that cuts nobody off. Pure: its
 * place in the rotation is read from the node, and from nothing that was kept.
 */
export function overlapping(authority: Authority, { facts, served }: NodeObservation, now: Date): Authority {
  const end = newestAlone(authority);
  const [newest, ...older] = authority.generations;
  const leaf = readCertificate(facts.installed?.certificate ?? '') ?? served.certificate;
  const issuer = leaf && authorityOf(authority, leaf);
  // Without a certificate of ours, or with one of a CA that has expired, nobody is let in who could be cut off.
  if (older.length === 0 || !issuer || now >= issuer.certificate.notAfter) return end;
  // Nobody else is let in any more.
  if (issuer === newest && trustsAlone(facts.installed?.ca, newest)) return end;
  return { generations: [issuer, ...authority.generations.filter((one) => one !== issuer)] };
}

/** Why no generation may be added to the authority now; `undefined` where its nodes are all done with the last one. */
export function rotationUnderWay(
  { generations: [newest, ...older] }: Authority,
  nodes: readonly ObservedNode[],
  { compromised }: { readonly compromised: boolean },
): string | undefined {
  const [last] = older;
  if (last) return `generation ${last.number} has not been dropped yet`;
  for (const node of nodes) {
    // Who has lost the CA's key cannot wait for a node that is down.
    if (node.kind === 'unreachable' && !compromised) return `${node.spec.name} could not be read`;
    if (node.kind === 'reached' && !isAtNewest(node.observation, newest))
      return `${node.spec.name} does not serve generation ${newest.number}, or trusts more than it`;
  }
  return undefined;
}

function isAtNewest({ facts: { installed }, served }: NodeObservation, newest: Generation): boolean {
  const leaf = readCertificate(installed?.certificate ?? '');
  return (
    leaf !== undefined &&
    authorityOf({ generations: [newest] }, leaf) !== undefined &&
    served.certificate?.serial === leaf.serial &&
    trustsAlone(installed?.ca, newest)
  );
}

function trustsAlone(bundle: string | undefined, { certificate }: Generation): boolean {
  const trusted = readCertificates(bundle ?? '')?.map(({ fingerprint256 }) => fingerprint256);
  return isDeepStrictEqual(trusted, [certificate.fingerprint256]);
}
