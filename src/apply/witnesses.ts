import { createAuthority } from '../authority/create.ts';
import type { Authority } from '../authority/authority.ts';
import { issueIdentity } from '../authority/issue.ts';
import type { Witnesses } from '../prove/proof.ts';

/**
 * A node judges it by its own clock, which may be half an hour ahead; the rest is for the restart before the proof.
 * Clocks that are behind are covered by the hour before now at which every certificate begins.
 */
const MINUTES = 90;

/**
 * Makes the two clients of the proof: one of our authority, and one of a CA that is thrown away at once. They exist
 * only in this process and are good for 90 minutes, so make them right before the proof.
 */
export async function makeWitnesses(authority: Authority, now: Date): Promise<Witnesses> {
  const stranger = await createAuthority({ algorithm: 'ecdsa-p256', days: 1, now, commonName: 'stranger' });
  const client = (issuer: Authority) =>
    issueIdentity(
      issuer,
      { kind: 'client', name: 'probe' },
      { algorithm: 'ecdsa-p256', lifetime: { minutes: MINUTES }, now },
    );
  const [ours, foreign] = await Promise.all([client(authority), client(stranger)]);
  return { ours, foreign };
}
