import type { KeyObject } from 'node:crypto';

import { type Certificate, wasIssuedBy } from './certificate.ts';
import { generationOf } from './distinguished-name.ts';

/** Our CA: each of its generations that is still trusted, the newest first, which alone issues. */
export type Authority = {
  readonly generations: readonly [Generation, ...Generation[]];
  /** Those that were trusted before and must not be any more; what they issued is still known as ours. */
  readonly retired?: readonly Generation[];
};

export type Generation = {
  /** As its certificate's subject tells it; 0 for a CA that was made elsewhere and imported. */
  readonly number: number;
  readonly certificate: Certificate;
  /** The private key, which fits the certificate. */
  readonly key: KeyObject;
};

export function generation(certificate: Certificate, key: KeyObject): Generation {
  return { number: generationOf(certificate.subject) ?? 0, certificate, key };
}

/** All that whoever trusts this authority has to trust: the certificate of each generation, newest first. */
export function trustedCertificates({ generations }: Authority): readonly Certificate[] {
  return generations.map(({ certificate }) => certificate);
}

/** The generation that signed the certificate, be it expired or not; undefined for a stranger's. */
export function authorityOf(
  { generations, retired = [] }: Authority,
  certificate: Certificate,
): Generation | undefined {
  return [...generations, ...retired].find((candidate) => wasIssuedBy(certificate, candidate.certificate));
}

/** The authority without its older generations: nobody is to trust those any more. */
export function newestAlone(authority: Authority): Authority {
  const [newest, ...older] = authority.generations;
  return older.length === 0
    ? authority
    : { generations: [newest], retired: [...older, ...(authority.retired ?? [])] };
}
