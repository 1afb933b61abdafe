import type { KeyAlgorithm } from '../inputs/request.ts';
import { type Authority, generation, type Generation } from './authority.ts';
import { authorityName } from './distinguished-name.ts';
import { generateKey, keyIdOf } from './key.ts';
import { authorityProfile } from './profile.ts';
import { signCertificate } from './signed-certificate.ts';
import { validity } from './validity.ts';

export type AuthoritySpec = {
  readonly algorithm: KeyAlgorithm;
  readonly days: number;
  readonly now: Date;
  /** The generation is added to it. */
  readonly commonName?: string;
  readonly organization?: string;
  /** One more than that of every CA whose place it takes; 1 unless given. */
  readonly number?: number;
};

/**
 * Makes a new authority of one generation. An InputError says which of the names cannot be in a
 * certificate.
 */
export async function createAuthority(spec: AuthoritySpec): Promise<Authority> {
  return { generations: [await createGeneration(spec.number ?? 1, spec)] };
}

/** The authority with a new generation, which is its newest from then on. An InputError is that of `createAuthority`. */
export async function addGeneration({ generations }: Authority, spec: AuthoritySpec): Promise<Authority> {
  const number = Math.max(...generations.map((one) => one.number)) + 1;
  return { generations: [await createGeneration(number, spec), ...generations] };
}

async function createGeneration(number: number, spec: AuthoritySpec): Promise<Generation> {
  const { algorithm, days, now, commonName = 'Docker TLS CA', organization = 'shipyard-cluster' } = spec;
  const name = authorityName(organization, commonName, number);
  const { publicKey, privateKey } = await generateKey(algorithm);
  const certificate = signCertificate(
    {
      ...validity({ days }, now),
      issuer: name,
      subject: name,
      publicKey,
      extensions: authorityProfile({ keyId: keyIdOf(publicKey) }),
    },
    privateKey,
  );
  return generation(certificate, privateKey);
}
