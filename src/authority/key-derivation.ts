import { type Asn1, decode, integerValueOf, itemsOf, oidOf } from './der.ts';

/** The object identifiers of RFC 8018 and RFC 7914 for keys that a passphrase encrypts. */
export const encryptionTypes = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  hmacWithSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  /** What comes before PBES2: PKCS #5 version 1.5, and PKCS #12 (RFC 7292, appendix C). */
  pbes1: /^1\.2\.840\.113549\.1\.(5|12\.1)\.\d{1,2}$/,
} as const;

/** How much work it is to try a passphrase, and how much of it is put up with: some seconds. */
export type DerivationCost = { readonly work: bigint; readonly limit: bigint; readonly unit: string };

/**
 * What an EncryptedPrivateKeyInfo (RFC 5958) asks for; OpenSSL does it, however much it is. Undefined if the
 * bytes are none, or if their scheme is not one of RFC 8018.
 */
export function derivationCost(der: Buffer): DerivationCost | undefined {
  try {
    const [algorithm] = itemsOf(decode(der));
    const [scheme, parameters] = itemsOf(algorithm);
    const type = oidOf(scheme);
    if (type === encryptionTypes.pbes2) return pbes2Cost(parameters);
    return encryptionTypes.pbes1.test(type) ? roundsOf(parameters) : undefined;
  } catch {
    return undefined;
  }
}

function pbes2Cost(parameters: Asn1 | undefined): DerivationCost | undefined {
  const [derivation, derivationParameters] = itemsOf(itemsOf(parameters)[0]);
  const type = oidOf(derivation);
  if (type === encryptionTypes.pbkdf2) return roundsOf(derivationParameters);
  return type === encryptionTypes.scrypt ? blocksOf(derivationParameters) : undefined;
}

/** The parameters begin with salt and iteration count, in PBKDF2 as in PBES1. */
function roundsOf(parameters: Asn1 | undefined): DerivationCost {
  const [, iterations] = itemsOf(parameters);
  return { work: integerValueOf(iterations), limit: 10_000_000n, unit: 'rounds' };
}

/** scrypt's parameters are salt, N, r and p; OpenSSL's own are 16384, 8 and 1. */
function blocksOf(parameters: Asn1 | undefined): DerivationCost {
  const [, n, r, p] = itemsOf(parameters);
  return {
    work: integerValueOf(n) * integerValueOf(r) * integerValueOf(p),
    limit: 64n * 16_384n * 8n,
    unit: 'scrypt blocks',
  };
}
