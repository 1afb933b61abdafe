import { createPublicKey } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { authorityOf, trustedCertificates, type Authority } from '../authority/authority.ts';
import { readCertificate, readCertificates, type Certificate } from '../authority/certificate.ts';
import { renewalReason } from '../authority/renewal.ts';
import { sameNames, subjectNames } from '../authority/subject-names.ts';
import type { CertificatePolicy } from '../inputs/request.ts';
import { certificateNames } from '../inventory/certificate-names.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { InstalledSet } from '../node/facts.ts';
import type { Reason } from './reason.ts';

/** Why the installed server certificate must be replaced, and the certificate itself where it can be read. */
export function certificateReasons(
  spec: NodeSpec,
  set: InstalledSet | undefined,
  authority: Authority,
  policy: CertificatePolicy,
  now: Date,
): { readonly reasons: readonly Reason[]; readonly installed: Certificate | undefined } {
  const installed = set && readCertificate(set.certificate);
  if (!installed) return { reasons: ['missing'], installed };
  const reasons: Reason[] = [];
  if (isForced(policy, spec.name)) reasons.push('forced');
  const issuer = authorityOf(authority, installed);
  if (!issuer) reasons.push('wrong-issuer');
  else if (!authority.generations.includes(issuer)) reasons.push('rotation');
  if (set.publicKey !== undefined && !matches(installed, set.publicKey)) reasons.push('key-mismatch');
  if (!sameNames(subjectNames(certificateNames(spec)), installed.sans)) reasons.push('san-changed');
  if (!sameTrust(set.ca, authority)) reasons.push('trust-changed');
  if (!set.private) reasons.push('config-drift');
  const due = issuer && renewalReason(installed, { ...spec, ...policy }, now, issuer.certificate);
  if (due) reasons.push(due);
  return { reasons, installed };
}

export function isForced({ forceRenew }: CertificatePolicy, name: string): boolean {
  return forceRenew === 'all' || (forceRenew !== 'none' && forceRenew.includes(name));
}

function matches(certificate: Certificate, publicKeyPem: string): boolean {
  try {
    return createPublicKey(publicKeyPem).equals(certificate.publicKey);
  } catch {
    return false;
  }
}

/** A bundle of which a part cannot be read trusts less than it seems to: dockerd skips that part without a word. */
function sameTrust(installedPem: string, authority: Authority): boolean {
  const fingerprints = (certificates: readonly Certificate[]): string[] =>
    certificates.map(({ fingerprint256 }) => fingerprint256).sort();
  const found = readCertificates(installedPem);
  return (
    found !== undefined &&
    isDeepStrictEqual(fingerprints(found), fingerprints(trustedCertificates(authority)))
  );
}
