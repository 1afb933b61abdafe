import type { OpenSsl } from '../../support/openssl.ts';

/** A CA as openssl makes one: PEM of the certificate, of the key in clear, and of the encrypted key. */
export type OpenSslAuthority = {
  readonly certificate: string;
  readonly key: string;
  readonly encryptedKey: string;
  /** Certificate and encrypted key. */
  readonly bundle: string;
};

export const passphrase = 'naïve pässphrase';

/** Arguments that encrypt what openssl writes. */
export const pass = ['-passout', `pass:${passphrase}`] as const;

/** Makes a CA of that name with a key of the kind that `openssl genpkey` takes, and extensions of its own. */
export function opensslAuthority(
  openssl: OpenSsl,
  name: string,
  keyKind: readonly string[] = p256,
  extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash',
): OpenSslAuthority {
  openssl.run('genpkey', '-algorithm', ...keyKind, '-out', `${name}.key`);
  openssl.write(`${name}.cnf`, `[req]\ndistinguished_name=dn\n[dn]\n[extensions]\n${extensions}\n`);
  const names = ['-subj', `/CN=${name}`, '-config', `${name}.cnf`, '-extensions', 'extensions'];
  openssl.run('req', '-x509', '-new', '-key', `${name}.key`, '-days', '100', ...names, '-out', `${name}.pem`);
  const certificate = openssl.read(`${name}.pem`);
  const encryptedKey = openssl.run('pkey', '-in', `${name}.key`, '-aes256', ...pass);
  return { certificate, key: openssl.read(`${name}.key`), encryptedKey, bundle: certificate + encryptedKey };
}

export const p256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] as const;
export const p384 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'] as const;
export const rsa2048 = ['rsa', '-pkeyopt', 'rsa_keygen_bits:2048'] as const;
