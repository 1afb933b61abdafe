import {
  type Asn1,
  bitString,
  encode,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
  trueValue,
} from './der.ts';
import { generalNames, type SubjectNames } from './subject-names.ts';

/** The object identifiers of the extensions of RFC 5280, section 4.2.1. */
export const extensionTypes = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** CA:TRUE with pathlen 0: it issues leaves only, so that no leaf's key can issue anything. */
export function authorityConstraints(): Asn1 {
  return critical(extensionTypes.basicConstraints, sequence(trueValue(), integer(0)));
}

/** CA:FALSE, which is a default value and so an empty sequence in DER. */
export function leafConstraints(): Asn1 {
  return critical(extensionTypes.basicConstraints, sequence());
}

export type KeyUsage = 'digitalSignature' | 'keyCertSign and cRLSign';

export function keyUsage(usage: KeyUsage): Asn1 {
  // A named bit list: bit 0 is the highest one, and DER cuts the zeros at the end (X.690, section 11.2.2).
  const bits = usage === 'digitalSignature' ? bitString(Buffer.of(0x80), 7) : bitString(Buffer.of(0x06), 1);
  return critical(extensionTypes.keyUsage, bits);
}

export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth';

export function extendedKeyUsage(usage: ExtendedKeyUsage): Asn1 {
  const purpose = usage === 'serverAuth' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2';
  return extension(extensionTypes.extendedKeyUsage, sequence(oid(purpose)));
}

/** Takes the key identifier in hex, as `Certificate` has it. */
export function subjectKeyIdentifier(keyId: string): Asn1 {
  return extension(extensionTypes.subjectKeyIdentifier, octetString(Buffer.from(keyId, 'hex')));
}

export function authorityKeyIdentifier(issuerKeyId: string): Asn1 {
  return extension(
    extensionTypes.authorityKeyIdentifier,
    sequence(implicit(0, Buffer.from(issuerKeyId, 'hex'))),
  );
}

export function subjectAltName(names: SubjectNames): Asn1 {
  return extension(extensionTypes.subjectAltName, generalNames(names));
}

function extension(type: string, value: Asn1): Asn1 {
  return sequence(oid(type), octetString(encode(value)));
}

function critical(type: string, value: Asn1): Asn1 {
  return sequence(oid(type), trueValue(), octetString(encode(value)));
}
