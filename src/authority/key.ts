import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import type { KeyAlgorithm } from '../inputs/request.ts';
import { type Asn1, bytesOf, decode, itemsOf, nullValue, oid, sequence } from './der.ts';

export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const generate = promisify(generateKeyPair);

/** A fresh key pair, made off the main thread. */
export function generateKey(algorithm: KeyAlgorithm): Promise<KeyPair> {
  switch (algorithm) {
    case 'ecdsa-p256':
      return generate('ec', { namedCurve: 'prime256v1' });
    case 'rsa-2048':
      return generate('rsa', { modulusLength: 2048 });
    case 'rsa-3072':
      return generate('rsa', { modulusLength: 3072 });
  }
}

/** How a key signs certificates: the digest by Node's name, and the AlgorithmIdentifier that says so. */
export type SignatureAlgorithm = { readonly digest: 'sha256' | 'sha384'; readonly identifier: Asn1 };

/** Undefined for a key that may not be a CA's here: all but RSA of 2048 bits or more, EC P-256 and EC P-384. */
export function signatureAlgorithm(key: KeyObject): SignatureAlgorithm | undefined {
  switch (keyName(key)) {
    case 'EC prime256v1':
      return { digest: 'sha256', identifier: sequence(oid(ecdsaWithSha256)) };
    case 'EC secp384r1':
      return { digest: 'sha384', identifier: sequence(oid(ecdsaWithSha384)) };
    default:
      if (key.asymmetricKeyType !== 'rsa' || modulusLength(key) < 2048) return undefined;
      // RFC 4055, section 5: the parameters of the RSA ones are NULL, those of ECDSA are absent (RFC 5758).
      return { digest: 'sha256', identifier: sequence(oid(sha256WithRsa), nullValue()) };
  }
}

/** A key's type and size in words, for messages. */
export function keyName(key: KeyObject): string {
  const type = key.asymmetricKeyType?.toUpperCase() ?? 'unknown';
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  if (namedCurve !== undefined) return `${type} ${namedCurve}`;
  return modulusLength(key) === 0 ? type : `${type} ${modulusLength(key)}`;
}

/** The SubjectPublicKeyInfo of RFC 5280, as OpenSSL writes it for any kind of key. */
export function publicKeyInfo(key: KeyObject): Asn1 {
  return decode(key.export({ type: 'spki', format: 'der' }));
}

/** The key identifier in hex by method 1 of RFC 5280, section 4.2.1.2: SHA-1 of the bits of the public key. */
export function keyIdOf(key: KeyObject): string {
  const [, bits] = itemsOf(publicKeyInfo(key));
  // The first byte counts unused bits and is no part of the key.
  return createHash('sha1').update(bytesOf(bits).subarray(1)).digest('hex');
}

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const ecdsaWithSha384 = '1.2.840.10045.4.3.3';
const sha256WithRsa = '1.2.840.113549.1.1.11';

function modulusLength(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}
