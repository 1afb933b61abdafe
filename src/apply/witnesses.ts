import { createAuthority } from '../authority/create.ts';
import type { Authority } from '../authority/authority.ts';
import { issueIdentity } from '../authority/issue.ts';
import type { Witnesses } from '../prove/proof.ts';

const MINUTES = 15;

/**
 * Makes the two clients of the proof, which live for minutes and exist only in this process: one of our authority,
 * and one of a CA that is thrown away at once.
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
