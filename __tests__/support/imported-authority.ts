import { generation, type Authority } from '../../src/authority/authority.ts';
import { leafName } from '../../src/authority/distinguished-name.ts';
import { generateKey, keyIdOf } from '../../src/authority/key.ts';
import { authorityProfile } from '../../src/authority/profile.ts';
import { signCertificate } from '../../src/authority/signed-certificate.ts';
import { validity } from '../../src/authority/validity.ts';

/** A CA that somebody else made, after it was imported: generation 0, with no generation in its name. */
export async function importedAuthority(now: Date): Promise<Authority> {
  const { publicKey, privateKey } = await generateKey('ecdsa-p256');
  const name = leafName('docker');
  const certificate = signCertificate(
    {
      ...{ issuer: name, subject: name, publicKey, ...validity({ days: 3650 }, now) },
      extensions: authorityProfile({ keyId: keyIdOf(publicKey) }),
    },
    privateKey,
  );
  return { generations: [generation(certificate, privateKey)] };
}
