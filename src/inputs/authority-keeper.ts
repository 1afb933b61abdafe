import { ActionError } from '../errors.ts';
import { EMPTY_SECRET, secretHint, type InputReader } from './input-reader.ts';
import { quote } from './quote.ts';
import type { AuthorityKeeper } from './authority-request.ts';
import { parseChoice } from './scalars.ts';

const KEEPERS = ['output', 'secret', 'file'] as const satisfies readonly AuthorityKeeper['kind'][];

/** Reads who keeps an authority that the run makes or changes; `path` is that of `ca-file`. */
export function readAuthorityKeeper(
  reader: InputReader,
  path: string | undefined,
): AuthorityKeeper | undefined {
  const kind = reader.parsed('save-ca', (text) => parseChoice(text, KEEPERS), 'output' as const);
  const name = reader.parsed('ca-secret-name', parseSecretName, 'CA');
  const environment = reader.text('ca-secret-environment');
  const token = reader.secret('github-token');
  switch (kind) {
    case 'output':
      return { kind };
    case 'file':
      if (path !== undefined) return { kind, path };
      if (reader.text('ca-file') === '') reader.refuse(NO_FILE);
      return undefined;
    case 'secret':
      if (token && name) return { kind, token, place: { name, ...(environment && { environment }) } };
      if (!token) reader.refuse(NO_TOKEN);
      return undefined;
    case undefined:
      return undefined;
  }
}

const NO_FILE = {
  input: 'ca-file',
  message: 'is empty, but save-ca is file',
  hint: 'write a path relative to the root of the repository, such as .github/cluster-ca.txt',
};

const NO_TOKEN = {
  input: 'github-token',
  message: `is empty, but save-ca is secret: ${EMPTY_SECRET}`,
  hint: `${secretHint('github-token').replaceAll('GITHUB_TOKEN', 'SECRETS_TOKEN')}: a personal access token or that of a GitHub App; the job's own GITHUB_TOKEN cannot write secrets`,
};

/** GitHub's own rules for the names of secrets. */
function parseSecretName(text: string): string {
  if (/^[A-Za-z_]\w{0,254}$/.test(text) && !/^github_/i.test(text)) return text;
  throw new ActionError({
    message: `${quote(text)} cannot be the name of a secret`,
    hint: 'write letters, digits and underscores, with no digit first and not GITHUB_ in front',
  });
}
