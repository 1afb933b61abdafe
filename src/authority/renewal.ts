import type { RenewalWindow } from '../inputs/request.ts';
import type { Certificate } from './certificate.ts';
import { dayMs } from './validity.ts';

/**
 * Why a certificate is due for renewal, or undefined while it is not.
 *
 * One that already lives as long as its issuer is not `expiring`, however near its end is: a new one would
 * end on the same day, and each run would restart the engine for it.
 */
export function renewalReason(
  certificate: Certificate,
  window: RenewalWindow,
  now: Date,
  issuer: Certificate,
): 'expired' | 'expiring' | undefined {
  const left = remainingMs(certificate, now);
  if (left <= 0) return 'expired';
  if (certificate.notAfter >= issuer.notAfter) return undefined;
  return left < windowMs(certificate, window) ? 'expiring' : undefined;
}

/** Whole days that are left, rounded down: 0 on the last day, negative once it is over. */
export function daysLeft(certificate: Certificate, now: Date): number {
  return Math.floor(remainingMs(certificate, now) / dayMs);
}

function remainingMs({ notAfter }: Certificate, now: Date): number {
  return notAfter.getTime() - now.getTime();
}

function windowMs({ notBefore, notAfter }: Certificate, window: RenewalWindow): number {
  return 'days' in window
    ? window.days * dayMs
    : ((notAfter.getTime() - notBefore.getTime()) * window.percent) / 100;
}
