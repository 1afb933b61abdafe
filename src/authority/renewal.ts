import type { RenewalWindow } from '../inputs/request.ts';
import type { Certificate } from './certificate.ts';
import { backdatingMs, dayMs } from './validity.ts';

/** When the certificates of a node are renewed. */
export type RenewalPolicy = {
  readonly renewBefore: RenewalWindow;
  /** The node's place in the inventory, from 0. */
  readonly rank: number;
};

/**
 * Why a certificate is due for renewal, or undefined while it is not.
 *
 * One that already lives as long as its issuer is not `expiring`, however near its end is: a new one would
 * end on the same day, and each run would restart the engine for it.
 */
export function renewalReason(
  certificate: Certificate,
  policy: RenewalPolicy,
  now: Date,
  issuer: Certificate,
): 'expired' | 'expiring' | undefined {
  if (now >= certificate.notAfter) return 'expired';
  if (certificate.notAfter >= issuer.notAfter) return undefined;
  return now >= renewalDate(certificate, policy) ? 'expiring' : undefined;
}

/** Whole days that are left, rounded down: 0 on the last day, negative once it is over. */
export function daysLeft({ notAfter }: Certificate, now: Date): number {
  return Math.floor((notAfter.getTime() - now.getTime()) / dayMs);
}

/** Each node has its turn on every fourth day, so that of ten nodes at most three are due on one. */
const turns = 4;

/**
 * The beginning of the node's last turn that begins before `renewBefore` is left. Turns are counted from the epoch and
 * not from the issue: nodes whose certificates were made on one day stay apart however often they are renewed.
 *
 * Where four days are more than half of the time in which nothing is due, turns are shorter than a day, so that nothing
 * is due right after its issue.
 */
function renewalDate(certificate: Certificate, { renewBefore, rank }: RenewalPolicy): Date {
  const end = certificate.notAfter.getTime();
  const issued = certificate.notBefore.getTime() + backdatingMs;
  const life = end - issued;
  const last = end - ('days' in renewBefore ? renewBefore.days * dayMs : (life * renewBefore.percent) / 100);
  const turnMs = Math.min(dayMs, (last - issued) / 2 / turns);
  if (turnMs <= 0) return new Date(last);
  const turn = Math.floor(last / turnMs);
  const early = (((turn - rank) % turns) + turns) % turns;
  return new Date((turn - early) * turnMs);
}
