import { ActionError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { InputReader } from './input-reader.ts';
import { quote } from './quote.ts';
import type { AuthorityBundle } from './authority-request.ts';

/** A sealed authority with the input that it came from. */
export type GivenBundle = Pick<AuthorityBundle, 'input' | 'bundle'>;

/** The path that `ca-file` names; undefined where it is empty, or wrong and so reported. */
export function readAuthorityFile(reader: InputReader): string | undefined {
  return reader.parsed('ca-file', parseWorkspacePath, undefined);
}

/** The sealed authority of `ca`, or that of the file at the path of `ca-file`, where there is one. Never both. */
export function readGivenBundle(reader: InputReader, path: string | undefined): GivenBundle | undefined {
  const secret = reader.secret('ca');
  const text = path === undefined ? undefined : reader.attempt('ca-file', () => reader.readFile(path));
  if (path === undefined || text === undefined) return secret && { input: 'ca', bundle: secret };
  if (secret)
    reader.refuse({
      input: 'ca-file',
      message: `${quote(path)} is there, and ca is given beside it: there can be only one CA`,
      hint: 'leave ca out if the file is the newer one, else delete the file',
    });
  if (text.trim() !== '') return { input: 'ca-file', bundle: new Secret(text) };
  reader.refuse({
    input: 'ca-file',
    message: `${quote(path)} is an empty file`,
    hint: 'take the last version of it that was not empty from the history of the repository',
  });
  return undefined;
}

/** Within the workspace: what lies elsewhere on the runner is nobody's to commit. */
function parseWorkspacePath(text: string): string {
  const parts = text.split('/');
  if (!text.startsWith('/') && !text.endsWith('/') && !parts.includes('..') && !/\p{Cc}/u.test(text))
    return text;
  throw new ActionError({
    message: `must be the path of a file within the repository, not ${quote(text)}`,
    hint: 'write a path relative to the root of the repository, such as .github/cluster-ca.txt',
  });
}
