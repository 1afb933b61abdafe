import { type Asn1, bytesOf, contextTag, decode, encode, itemsOf, oidOf } from './der.ts';
import { extensionTypes } from './extensions.ts';
import { readGeneralNames, type SubjectNames } from './subject-names.ts';

/** The parts of a certificate that node:crypto does not show (RFC 5280, section 4.1). */
export type CertificateFields = {
  readonly subject: Asn1;
  readonly sans: SubjectNames;
  /** The subjectKeyIdentifier in hex. */
  readonly keyId?: string;
  /** The keyIdentifier of the authorityKeyIdentifier in hex. */
  readonly issuerKeyId?: string;
};

/** Throws if the bytes are no certificate, or if one of the extensions read here is malformed. */
export function certificateFields(der: Buffer): CertificateFields {
  const [tbs] = itemsOf(decode(der));
  const items = itemsOf(tbs);
  // version is [0] and absent in version 1; then serialNumber, signature, issuer, validity, subject.
  const subject = items[contextTag(items[0]) === 0 ? 5 : 4];
  if (subject === undefined) throw new Error('the certificate has no subject');
  const extensions = extensionsOf(items);
  const sans = extensions.get(extensionTypes.subjectAltName);
  const keyId = extensions.get(extensionTypes.subjectKeyIdentifier);
  const issuerKeyId = authorityKeyId(extensions.get(extensionTypes.authorityKeyIdentifier));
  return {
    subject,
    sans: sans === undefined ? { dns: [], ips: [] } : readGeneralNames(sans),
    ...(keyId !== undefined && { keyId: bytesOf(decode(keyId)).toString('hex') }),
    ...(issuerKeyId !== undefined && { issuerKeyId }),
  };
}

/** Whether a certificate's bytes are what DER makes of their content: then a part can be copied byte for byte. */
export function isDistinguishedEncoding(der: Buffer): boolean {
  return encode(decode(der)).equals(der);
}

/** The content of each extension by its object identifier. */
function extensionsOf(tbsItems: readonly Asn1[]): ReadonlyMap<string, Buffer> {
  const wrapper = tbsItems.find((item) => contextTag(item) === 3);
  if (wrapper === undefined) return new Map();
  const [extensions] = itemsOf(wrapper);
  return new Map(
    itemsOf(extensions).map((extension) => {
      const items = itemsOf(extension);
      return [oidOf(items[0]), bytesOf(items.at(-1))];
    }),
  );
}

function authorityKeyId(der: Buffer | undefined): string | undefined {
  if (der === undefined) return undefined;
  const keyIdentifier = itemsOf(decode(der)).find((item) => contextTag(item) === 0);
  return keyIdentifier === undefined ? undefined : bytesOf(keyIdentifier).toString('hex');
}
