import { ActionError } from '../errors.ts';
import type { Certificate } from './certificate.ts';

/** How long a certificate is good for, counted from now: days for what stays, minutes for a probe's. */
export type Lifetime = { readonly days: number } | { readonly minutes: number };

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

export const dayMs = 24 * 60 * 60 * 1000;

/** How long before its issue a certificate begins, for clocks that are behind. */
export const backdatingMs = 60 * 60 * 1000;

/**
 * When a certificate issued now begins and ends. It begins an hour early, for clocks that are behind, and
 * lies within its issuer's validity at both ends. An ActionError says so if the issuer is not valid now.
 */
export function validity(lifetime: Lifetime, now: Date, issuer?: Certificate): Validity {
  const begin = now.getTime() - backdatingMs;
  const end = now.getTime() + lifetimeMs(lifetime);
  if (issuer === undefined) return { notBefore: new Date(begin), notAfter: new Date(end) };
  if (now < issuer.notBefore || now > issuer.notAfter) {
    throw new ActionError({
      message: `the CA ${issuer.subject} is valid from ${issuer.notBefore.toISOString()} to ${issuer.notAfter.toISOString()} and can issue nothing now`,
      hint: 'check the clock of this machine; an expired CA has to be replaced by a new one (command: init-ca with replace-ca)',
    });
  }
  return {
    notBefore: new Date(Math.max(begin, issuer.notBefore.getTime())),
    notAfter: new Date(Math.min(end, issuer.notAfter.getTime())),
  };
}

function lifetimeMs(lifetime: Lifetime): number {
  return 'days' in lifetime ? lifetime.days * dayMs : lifetime.minutes * 60 * 1000;
}
