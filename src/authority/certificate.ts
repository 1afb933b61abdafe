import { type KeyObject, X509Certificate } from 'node:crypto';

import { certificateFields } from './certificate-fields.ts';
import { ipBytes } from './ip-address.ts';
import { keyIdOf } from './key.ts';
import { readPem } from './pem.ts';
import type { SubjectNames } from './subject-names.ts';

/** What one X.509 certificate says. */
export type Certificate = {
  readonly pem: string;
  /** In lower-case hex, two digits a byte and no more bytes than needed; a negative one begins with `-`. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** As `O=…, CN=…` in the certificate's own order, characters of meaning escaped as in RFC 2253. */
  readonly subject: string;
  readonly issuer: string;
  /** The key's id in lower-case hex: the certificate's own subjectKeyIdentifier, else method 1 of RFC 5280. */
  readonly keyId: string;
  /** The id of the issuer's key, where the certificate names it. */
  readonly issuerKeyId?: string;
  readonly sans: SubjectNames;
  /** CA:TRUE, and no keyUsage that forbids to sign certificates. */
  readonly isCa: boolean;
  /** SHA-256 of the DER form, as `AB:CD:…`. */
  readonly fingerprint256: string;
  readonly publicKey: KeyObject;
};

/** Reads PEM text (its first certificate) or DER bytes; undefined for all that is not a well-formed certificate. */
export function readCertificate(source: string | Buffer): Certificate | undefined {
  try {
    return certificateOf(new X509Certificate(source));
  } catch {
    // OpenSSL and forge throw errors of many kinds here, and all of them mean the same.
    return undefined;
  }
}

/**
 * Every certificate of a PEM bundle, in its order; empty if it has none. Undefined if a part of it cannot
 * be read: dockerd and Go skip such a certificate without a word, and then trust less than was asked.
 */
export function readCertificates(bundle: string): readonly Certificate[] | undefined {
  const blocks = readPem(bundle)?.filter(({ label }) => label === certificateLabel);
  const certificates = blocks?.map(({ text }) => readCertificate(text));
  return certificates?.every((certificate) => certificate !== undefined) ? certificates : undefined;
}

/** The certificate's bytes. */
export function derOf({ pem }: Certificate): Buffer {
  return new X509Certificate(pem).raw;
}

export const certificateLabel = 'CERTIFICATE';

/** Whether the issuer's name, key id and key fit the certificate and its signature; dates are not looked at. */
export function wasIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    const leaf = new X509Certificate(certificate.pem);
    return leaf.checkIssued(new X509Certificate(issuer.pem)) && leaf.verify(issuer.publicKey);
  } catch {
    // A signature of an algorithm that OpenSSL does not have.
    return false;
  }
}

/** Whether the certificate was issued by its own key. */
export function isSelfSigned(certificate: Certificate): boolean {
  return wasIssuedBy(certificate, certificate);
}

/** Whether a client may know a server at this address by the certificate: Go and browsers look at SANs alone. */
export function isFor({ pem }: Certificate, address: string): boolean {
  const x509 = new X509Certificate(pem);
  const found = ipBytes(address) ? x509.checkIP(address) : x509.checkHost(address, { subject: 'never' });
  return found !== undefined;
}

/** Whether the certificate may be shown in a role; one that names no roles may in each (RFC 5280, section 4.2.1.12). */
export function serves({ pem }: Certificate, role: 'server' | 'client'): boolean {
  // Node has the extended key usage by this name, and undefined where there is none.
  const usages = new X509Certificate(pem).keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.some((one) => one === extendedKeyUsages[role] || one === anyUsage);
}

const extendedKeyUsages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;
const anyUsage = '2.5.29.37.0';

function certificateOf(x509: X509Certificate): Certificate | undefined {
  const { keyId, issuerKeyId, sans } = certificateFields(x509.raw);
  const { publicKey } = x509;
  // Not validFromDate and validToDate: Node makes them of uninitialised memory where a time is malformed.
  const [notBefore, notAfter] = [new Date(x509.validFrom), new Date(x509.validTo)];
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) return undefined;
  return {
    pem: x509.toString(),
    serial: x509.serialNumber.toLowerCase(),
    notBefore,
    notAfter,
    subject: nameText(x509.subject),
    issuer: nameText(x509.issuer),
    keyId: keyId ?? keyIdOf(publicKey),
    ...(issuerKeyId !== undefined && { issuerKeyId }),
    sans,
    isCa: x509.ca,
    fingerprint256: x509.fingerprint256,
    publicKey,
  };
}

/** Node puts each part on a line of its own, with line feeds within escaped, and has undefined for an empty name. */
function nameText(name: string | undefined): string {
  return name?.split('\n').join(', ') ?? '';
}
