import { type KeyObject, randomBytes, sign } from 'node:crypto';

import { type Certificate, certificateLabel, readCertificate } from './certificate.ts';
import { type Asn1, bitString, encode, explicit, integer, integerOf, sequence, time } from './der.ts';
import { publicKeyInfo, signatureAlgorithm } from './key.ts';
import { writePem } from './pem.ts';

/** What a certificate is to say; the serial number and the signature are made on signing. */
export type CertificateContent = {
  readonly issuer: Asn1;
  readonly subject: Asn1;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Asn1[];
};

/** Signs an X.509 version 3 certificate (RFC 5280, section 4.1) with the issuer's private key. */
export function signCertificate(content: CertificateContent, issuerKey: KeyObject): Certificate {
  const algorithm = signatureAlgorithm(issuerKey);
  if (algorithm === undefined) throw new Error('the key of a CA was not checked');
  const tbs = sequence(
    explicit(0, integer(2)),
    integerOf(serialNumber()),
    algorithm.identifier,
    content.issuer,
    sequence(time(content.notBefore), time(content.notAfter)),
    content.subject,
    publicKeyInfo(content.publicKey),
    explicit(3, sequence(...content.extensions)),
  );
  const signature = sign(algorithm.digest, encode(tbs), issuerKey);
  const der = encode(sequence(tbs, algorithm.identifier, bitString(signature)));
  const certificate = readCertificate(writePem(certificateLabel, der));
  if (certificate === undefined) throw new Error('the certificate just made cannot be read');
  return certificate;
}

/** 16 random bytes that begin with the bits 01: positive, never zero, always of one length. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40;
  return bytes;
}
