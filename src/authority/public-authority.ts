import { type Authority, generation } from './authority.ts';
import { currentCertificates } from './authority-certificate.ts';
import { readBundle } from './bundle.ts';
import type { Certificate } from './certificate.ts';

/**
 * The public part of an authority, from its certificates alone: good to compare with. It can issue nothing, since the
 * keys in it are the public ones. Throws an InputError about `input`.
 */
export function publicAuthority(input: string, text: string, now: Date): Authority {
  const [newest, ...older] = currentCertificates(readBundle(input, text), input, now);
  const keyless = (certificate: Certificate) => generation(certificate, certificate.publicKey);
  return { generations: [keyless(newest), ...older.map(keyless)] };
}
