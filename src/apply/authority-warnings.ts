import type { Authority } from '../authority/authority.ts';
import { authorityOf } from '../authority/authority.ts';
import type { Certificate } from '../authority/certificate.ts';
import { daysLeft } from '../authority/renewal.ts';
import { dayMs } from '../authority/validity.ts';
import type { SetUpRequest } from '../inputs/request.ts';
import type { ObservedNode } from '../observe/observe-node.ts';
import { printable } from '../report/printable.ts';

/** A year before its end there is time for a rotation in peace; a CA that does not live long has its last fifth. */
const WARN_DAYS = 365;

/** What somebody should do about the authority itself, in sentences for the log. */
export function authorityWarnings(
  authority: Authority,
  { authority: source }: Pick<SetUpRequest, 'authority'>,
  nodes: readonly ObservedNode[],
  now: Date,
): readonly string[] {
  const { certificate } = authority.generations[0];
  return [
    ...(source.kind === 'import' ? [imported(authority, nodes)] : []),
    ...(isNearEnd(certificate, now) ? [nearEnd(certificate, now)] : []),
  ];
}

function isNearEnd({ notBefore, notAfter }: Certificate, now: Date): boolean {
  const lifeDays = (notAfter.getTime() - notBefore.getTime()) / dayMs;
  return (notAfter.getTime() - now.getTime()) / dayMs < Math.min(WARN_DAYS, lifeDays / 5);
}

function nearEnd(certificate: Certificate, now: Date): string {
  return `the CA ${printable(certificate.subject)} ends on ${certificate.notAfter.toISOString()}, in ${daysLeft(certificate, now)} days, and no certificate of it can outlive that: run command: rotate-ca in time`;
}

/** The guide of 2015 made leaves that are CAs themselves, and that are good for servers and clients alike. */
function imported(authority: Authority, nodes: readonly ObservedNode[]): string {
  const names = nodes.flatMap((node) => {
    const leaf = node.kind === 'reached' ? node.observation.served.certificate : undefined;
    return leaf?.isCa && authorityOf(authority, leaf) ? [node.spec.name] : [];
  });
  const seen = names.length === 0 ? '' : ` (${names.join(', ')} serve such a one now)`;
  return `the imported CA (generation 0, key id ${authority.generations[0].certificate.keyId}) is trusted with all that it issued before: leaves of the guide of 2015 are CA:TRUE${seen}, so that the key of every node opens all nodes until the CA is rotated; run command: rotate-ca soon`;
}
