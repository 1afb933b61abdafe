import { type Certificate, wasIssuedBy } from './certificate.ts';

/**
 * The id of the key that signed a certificate: the issuer's own where that is among `known`, else as the certificate
 * names it, else the certificate's own: leaves of the guide of 2015 name none.
 */
export function issuerId(certificate: Certificate, known: readonly Certificate[]): string {
  const issuer = known.find((candidate) => wasIssuedBy(certificate, candidate));
  return issuer?.keyId ?? certificate.issuerKeyId ?? certificate.keyId;
}
