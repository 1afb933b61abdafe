import { authorityOf, type Authority } from '../authority/authority.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Engine } from './engine.ts';

/**
 * Whether Shipyard gets on with a node that serves and trusts the newest generation of the authority alone: each row of
 * its name has a client of that generation, trusts it, and was seen up with it. A row whose client no generation lets in
 * has nothing to lose.
 */
export function hasFollowed(
  spec: NodeSpec,
  listed: readonly Engine[],
  authority: Authority,
  now: Date,
): boolean {
  const named = listed.filter(({ name }) => name === spec.name);
  return named.every((row) => isReady(row, authority, now));
}

function isReady({ client, trusted, health }: Engine, authority: Authority, now: Date): boolean {
  const issuer = client && authorityOf(authority, client);
  if (!issuer || now >= client.notAfter || now >= issuer.certificate.notAfter) return true;
  const [newest] = authority.generations;
  const trustsNewest = trusted.some(
    ({ fingerprint256 }) => fingerprint256 === newest.certificate.fingerprint256,
  );
  return issuer === newest && trustsNewest && health === 'up';
}
