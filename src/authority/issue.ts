import { ActionError } from '../errors.ts';
import type { KeyAlgorithm } from '../inputs/request.ts';
import { Secret } from '../secret.ts';
import type { Authority } from './authority.ts';
import { type Certificate, derOf } from './certificate.ts';
import { certificateFields } from './certificate-fields.ts';
import type { Asn1 } from './der.ts';
import { leafName } from './distinguished-name.ts';
import { generateKey, keyIdOf } from './key.ts';
import { clientProfile, serverProfile } from './profile.ts';
import { signCertificate } from './signed-certificate.ts';
import { subjectNames } from './subject-names.ts';
import { type Lifetime, validity } from './validity.ts';

/** Whom a certificate is for: a node's engine by all its names, or whoever talks to that node's engine. */
export type IdentityRequest =
  | { readonly kind: 'server'; readonly name: string; readonly sans: readonly string[] }
  | { readonly kind: 'client'; readonly name: string };

export type IssuePolicy = {
  readonly algorithm: KeyAlgorithm;
  readonly lifetime: Lifetime;
  readonly now: Date;
};

/** A key pair with its certificate; the key is PKCS#8 PEM, not encrypted. */
export type Identity = { readonly certificate: Certificate; readonly key: Secret };

/**
 * Issues a certificate for a new key from the newest generation of the authority; it never outlives that.
 * An ActionError tells of a name that cannot be in a certificate, or of a CA that is not valid now.
 */
export async function issueIdentity(
  authority: Authority,
  request: IdentityRequest,
  policy: IssuePolicy,
): Promise<Identity> {
  const [issuer] = authority.generations;
  const dates = validity(policy.lifetime, policy.now, issuer.certificate);
  const extensions = extensionsFor(request);
  const { publicKey, privateKey } = await generateKey(policy.algorithm);
  const keys = { keyId: keyIdOf(publicKey), issuerKeyId: issuer.certificate.keyId };
  const certificate = signCertificate(
    {
      ...dates,
      issuer: encodedSubject(issuer.certificate),
      subject: leafName(request.kind === 'server' ? request.name : `shipyard@${request.name}`),
      publicKey,
      extensions: extensions(keys),
    },
    issuer.key,
  );
  return { certificate, key: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()) };
}

type Extensions = (keys: { readonly keyId: string; readonly issuerKeyId: string }) => readonly Asn1[];

/** Checks the names before a key is made for them. */
function extensionsFor(request: IdentityRequest): Extensions {
  if (request.kind === 'client') return clientProfile;
  if (request.sans.length === 0) {
    throw new ActionError({
      message: `the server certificate of ${request.name} has no name to be good for`,
      hint: 'give the node an address',
    });
  }
  const names = subjectNames(request.sans);
  return (keys) => serverProfile(names, keys);
}

/** The name byte for byte as the CA has it: an imported one may use string types that we would not. */
function encodedSubject(certificate: Certificate): Asn1 {
  return certificateFields(derOf(certificate)).subject;
}
