import type { Secret } from '../secret.ts';
import type { Authority } from './authority.ts';
import { encryptKey } from './encrypted-key.ts';

/**
 * The authority as PEM text: of each generation, newest first, the certificate and its encrypted private key.
 * An InputError names `ca-passphrase` if that is empty or longer than OpenSSL can take.
 */
export async function authorityBundle({ generations }: Authority, passphrase: Secret): Promise<string> {
  const parts = generations.map(
    async ({ certificate, key }) => certificate.pem + (await encryptKey(key, passphrase)),
  );
  return (await Promise.all(parts)).join('');
}

/**
 * The bundle as one base64 line, the form to keep as a secret: GitHub masks each line of a secret in all
 * output, and this is a line that no certificate has.
 */
export async function sealAuthority(authority: Authority, passphrase: Secret): Promise<string> {
  return Buffer.from(await authorityBundle(authority, passphrase)).toString('base64');
}
