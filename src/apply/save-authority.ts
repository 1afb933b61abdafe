import type { Authority } from '../authority/authority.ts';
import { sealAuthority } from '../authority/seal.ts';
import { ActionError } from '../errors.ts';
import { placeText, type SecretPlace } from '../github/secret-place.ts';
import { writeSecret } from '../github/write-secret.ts';
import type { AuthorityKeeper } from '../inputs/authority-request.ts';
import type { Command } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { printable } from '../report/printable.ts';
import type { Secret } from '../secret.ts';
import { writeSummary } from '../report/write-summary.ts';

/** What saving needs of a request. */
export type SaveRequest = {
  readonly command: Command;
  readonly authority: { readonly passphrase: Secret };
  readonly saveCa: AuthorityKeeper;
};

export type SavePorts = Pick<Ports, 'workflow' | 'workspace' | 'http' | 'clock' | 'run'>;

/** The authority is saved; `goesOn` tells whether this run may use it, or has to end so that somebody keeps it first. */
export type Saved = { readonly goesOn: boolean };

/**
 * Seals every generation of the authority and hands it to whom `save-ca` names, in one piece. To be called before
 * anything uses what is new in it. Rejects with ActionError when it is not kept: then nothing may be touched, and what
 * was kept before is still there.
 */
export async function saveAuthority(
  authority: Authority,
  { command, authority: { passphrase }, saveCa }: SaveRequest,
  ports: SavePorts,
): Promise<Saved> {
  const { workflow, workspace } = ports;
  const sealed = await sealAuthority(authority, passphrase);
  switch (saveCa.kind) {
    case 'output':
      workflow.output('ca', sealed);
      workflow.warning(ONLY_COPY);
      // Before anything else happens, and so the first line of the summary, however the run ends.
      await writeSummary(workflow, `**${ONLY_COPY_HEAD}** ${HOW_TO_KEEP}`);
      // Whoever asks for apply has no other step in mind; any other command that makes a CA is run for its output.
      return { goesOn: command === 'apply' };
    case 'file': {
      await workspace.writeFile(saveCa.path, `${sealed}\n`);
      const path = printable(saveCa.path);
      workflow.warning(
        `the encrypted CA was written to ${path}, and this is its only copy: commit and push that file, and run again`,
      );
      await writeSummary(
        workflow,
        `**The encrypted CA is in \`${path}\`.** Commit and push that file, and run again.`,
      );
      return { goesOn: false };
    }
    case 'secret':
      await keepSecret(sealed, saveCa.token, saveCa.place, ports);
      return { goesOn: command !== 'init-ca' };
  }
}

async function keepSecret(
  sealed: string,
  token: Secret,
  place: SecretPlace,
  { workflow, http, clock, run: { repository, apiUrl } }: SavePorts,
): Promise<void> {
  if (repository === undefined)
    throw new ActionError({
      message: 'save-ca: there is no repository to keep a secret in, since this is no run of GitHub Actions',
      hint: 'set save-ca to output or file',
    });
  const api = { http, clock, url: apiUrl, token };
  await workflow.group('Storing the CA', () => writeSecret(api, repository, place, sealed));
  // GitHub reads the secrets of a repository when a run is queued, and those of an environment when a job begins.
  const earlier = place.environment === undefined ? 'runs that were queued' : 'jobs that began';
  workflow.info(
    `the encrypted CA is kept in ${printable(placeText(repository, place))}; ${earlier} before still get the old value`,
  );
}

const ONLY_COPY = `the only copy of the encrypted CA is this run's output \`ca\`: store it as the secret that the input \`ca\` reads (in a step: printf '%s' "$CA" | gh secret set CA), or the next run cannot renew anything`;

const ONLY_COPY_HEAD = "The only copy of the encrypted CA is this run's output `ca`.";

const HOW_TO_KEEP =
  'Keep it in a step after this one, with the output in `$CA`: `printf \'%s\' "$CA" | gh secret set CA`. Without it the next run cannot renew anything.';
