import { isFor, isSelfSigned, serves, wasIssuedBy, type Certificate } from '../authority/certificate.ts';
import { daysLeft } from '../authority/renewal.ts';
import { dayMs } from '../authority/validity.ts';
import type { CheckPolicy } from '../inputs/request.ts';
import { printable } from '../report/printable.ts';
import type { Finding } from './finding.ts';

/** What a certificate is for: a server that is known by all of these names, or a client. */
export type Role =
  { readonly kind: 'server'; readonly names: readonly string[] } | { readonly kind: 'client' };

/** All that is wrong with a certificate at a time. Issuer, names and purpose are judged only where CAs are given. */
export function certificateFindings(
  certificate: Certificate,
  role: Role,
  policy: CheckPolicy,
  now: Date,
): readonly Finding[] {
  const what = role.kind === 'server' ? 'the certificate' : 'the client certificate in Shipyard';
  return [
    ...dateFindings(certificate, what, policy, now),
    ...(policy.trusted ? trustFindings(certificate, what, role, policy.trusted) : []),
  ];
}

/** What is wrong with a certificate's dates; `what` is how the message begins. */
export function dateFindings(
  certificate: Certificate,
  what: string,
  { warnBeforeDays, failBeforeDays }: CheckPolicy,
  now: Date,
  hint = RENEW,
): readonly Finding[] {
  const { notBefore, notAfter } = certificate;
  const leftMs = notAfter.getTime() - now.getTime();
  const end = notAfter.toISOString();
  if (notBefore > now)
    return [
      {
        kind: 'not-yet-valid',
        isFatal: true,
        message: `${what} is valid only from ${notBefore.toISOString()}`,
        hint: 'compare the clocks of the runner and of the machine that issued it, then run the action with command apply',
      },
    ];
  if (leftMs <= 0)
    return [{ kind: 'expired', isFatal: true, message: `${what} has expired: it ended ${end}`, hint }];
  if (leftMs >= warnBeforeDays * dayMs) return [];
  const isFatal = leftMs < failBeforeDays * dayMs;
  const message = `${what} ends ${end}, in ${daysLeft(certificate, now)} days`;
  return [{ kind: 'expiring', isFatal, message, hint }];
}

const RENEW = 'run the action with command apply, which renews it; look why the scheduled run did not';

function trustFindings(
  certificate: Certificate,
  what: string,
  role: Role,
  trusted: readonly Certificate[],
): readonly Finding[] {
  const findings: Finding[] = [];
  if (!trusted.some((ca) => wasIssuedBy(certificate, ca))) findings.push(strange(certificate, what));
  const names = role.kind === 'server' ? role.names : [];
  const missing = names.filter((name) => !isFor(certificate, name));
  if (missing.length > 0)
    findings.push({
      kind: 'wrong-name',
      isFatal: true,
      message: `${what} is not for ${printable(missing.join(', '), 200)}, but for ${namesOf(certificate)}`,
      hint: 'run the action with command apply, which issues one with the names of the inventory; or mend address or sans there',
    });
  if (!serves(certificate, role.kind))
    findings.push({
      kind: 'wrong-purpose',
      isFatal: true,
      message: `${what} is not one for a ${role.kind}`,
      hint: 'run the action with command apply and name the node in force-renew',
    });
  return findings;
}

function strange(certificate: Certificate, what: string): Finding {
  const { issuer, issuerKeyId } = certificate;
  return isSelfSigned(certificate)
    ? {
        kind: 'self-signed',
        isFatal: true,
        message: `${what} is self-signed: ${printable(certificate.subject, 200)}`,
        hint: 'find out who listens on that port; command apply makes the node serve a certificate of the authority',
      }
    : {
        kind: 'wrong-issuer',
        isFatal: true,
        message: `${what} was issued by a CA that is not in ca-certificate: ${printable(issuer, 200)}, key id ${issuerKeyId ?? 'unknown'}`,
        hint: 'give the certificates of all generations of the authority in ca-certificate (the output of that name has them); if they are all there, find out who issued this one',
      };
}

function namesOf({ sans }: Certificate): string {
  const names = [...sans.dns, ...sans.ips];
  return names.length === 0 ? 'no name at all' : printable(names.join(', '), 200);
}
