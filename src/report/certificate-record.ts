import type { Certificate } from '../authority/certificate.ts';
import { daysLeft } from '../authority/renewal.ts';

/** A certificate as every output shows it. */
export function certificateRecord(certificate: Certificate, now: Date) {
  const { serial, notAfter } = certificate;
  return { serial, 'not-after': notAfter.toISOString(), 'days-left': daysLeft(certificate, now) };
}

/** The end of the certificate that ends first, for the output `next-expiry`; empty where there is none. */
export function firstEnd(certificates: readonly Certificate[]): string {
  return certificates.map(({ notAfter }) => notAfter.toISOString()).sort()[0] ?? '';
}
