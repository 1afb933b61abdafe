import { createAuthority } from '../authority/create.ts';
import type { Authority, Generation } from '../authority/authority.ts';
import { issueIdentity, type Identity } from '../authority/issue.ts';
import type { Witnesses } from '../prove/proof.ts';

/**
 * A node judges it by its own clock, which may be half an hour ahead; the rest is for the restart before the proof.
 * Clocks that are behind are covered by the hour before now at which every certificate begins.
 */
const MINUTES = 90;

/**
 * Makes the clients of the proof: one of each generation of our authority, and, of those that must be refused, one of each
 * that was given up and one of a CA that is thrown away at once. They exist only in this process and are good for 90
 * minutes, so make them right before the proof. A generation that has expired can have none, and needs none.
 */
export async function makeWitnesses(authority: Authority, now: Date): Promise<Witnesses> {
  const stranger = await createAuthority({ algorithm: 'ecdsa-p256', days: 1, now, commonName: 'stranger' });
  const clients = (generations: readonly Generation[]) =>
    Promise.all(generations.filter((one) => isValid(one, now)).map((one) => probe(one, now)));
  const [ours, foreign] = await Promise.all([
    clients(authority.generations),
    clients([...stranger.generations, ...(authority.retired ?? [])]),
  ]);
  return { ours, foreign };
}

/** A client for one look at an engine: good for 90 minutes, and in no other place than this process. */
export function probe(issuer: Generation, now: Date): Promise<Identity> {
  return issueIdentity(
    { generations: [issuer] },
    { kind: 'client', name: 'probe' },
    { algorithm: 'ecdsa-p256', lifetime: { minutes: MINUTES }, now },
  );
}

function isValid({ certificate: { notBefore, notAfter } }: Generation, now: Date): boolean {
  return now >= notBefore && now <= notAfter;
}
