import type { Authority } from '../authority/authority.ts';
import { sealAuthority } from '../authority/seal.ts';
import type { AuthorityKeeper, Command } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import type { Secret } from '../secret.ts';

/** What saving needs of a request. */
export type SaveRequest = {
  readonly command: Command;
  readonly authority: { readonly passphrase: Secret };
  readonly saveCa: AuthorityKeeper;
};

/** The authority is saved; `goesOn` tells whether this run may use it, or has to end so that somebody keeps it first. */
export type Saved = { readonly goesOn: boolean };

/**
 * Seals every generation of the authority and hands it to whom `save-ca` names, in one piece. To be called before
 * anything uses what is new in it. Rejects with ActionError when it is not kept: then nothing may be touched.
 */
export async function saveAuthority(
  authority: Authority,
  { command, authority: { passphrase } }: SaveRequest,
  { workflow }: Pick<Ports, 'workflow'>,
): Promise<Saved> {
  const sealed = await sealAuthority(authority, passphrase);
  workflow.output('ca', sealed);
  workflow.warning(ONLY_COPY);
  // Whoever asks for apply has no other step in mind; any other command that makes a CA is run for its output.
  return { goesOn: command === 'apply' };
}

const ONLY_COPY = `the only copy of the encrypted CA is this run's output \`ca\`: store it as the secret that the input \`ca\` reads, or the next run cannot renew anything`;
