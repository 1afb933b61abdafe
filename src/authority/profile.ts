import type { Asn1 } from './der.ts';
import {
  authorityConstraints,
  authorityKeyIdentifier,
  extendedKeyUsage,
  keyUsage,
  leafConstraints,
  subjectAltName,
  subjectKeyIdentifier,
} from './extensions.ts';
import type { SubjectNames } from './subject-names.ts';

type LeafKeys = { readonly keyId: string; readonly issuerKeyId: string };

/** The extensions of a CA of ours. */
export function authorityProfile({ keyId }: { readonly keyId: string }): readonly Asn1[] {
  return [authorityConstraints(), keyUsage('keyCertSign and cRLSign'), subjectKeyIdentifier(keyId)];
}

/** A server's certificate opens no engine: dockerd takes a client only with clientAuth, and this has none. */
export function serverProfile(names: SubjectNames, keys: LeafKeys): readonly Asn1[] {
  return [...leafProfile(keys), extendedKeyUsage('serverAuth'), subjectAltName(names)];
}

export function clientProfile(keys: LeafKeys): readonly Asn1[] {
  return [...leafProfile(keys), extendedKeyUsage('clientAuth')];
}

/** No keyEncipherment: it serves RSA key exchange alone, which no peer since Go 1.2 needs and TLS 1.3 has not. */
function leafProfile({ keyId, issuerKeyId }: LeafKeys): readonly Asn1[] {
  return [
    leafConstraints(),
    keyUsage('digitalSignature'),
    subjectKeyIdentifier(keyId),
    authorityKeyIdentifier(issuerKeyId),
  ];
}
