import { checkNewPassphrase } from '../authority/passphrase.ts';
import type { InputProblem } from '../errors.ts';
import { readGivenBundle, type GivenBundle } from './authority-file.ts';
import { EMPTY_SECRET, secretHint, type InputReader } from './input-reader.ts';
import { quote } from './quote.ts';
import type { AuthoritySource } from './authority-request.ts';
import type { Command } from './request.ts';
import { parseBoolean } from './scalars.ts';

/**
 * Reads where the authority comes from: `ca` or `ca-file`, or `ca-certificate` with `ca-key`, or consent to create one,
 * which `init-ca` and `replace-ca` are as well. An empty secret alone is never consent: a second CA must not come into
 * being by accident.
 */
export function readAuthoritySource(
  reader: InputReader,
  command: Command,
  path: string | undefined,
  replaceCa: readonly string[],
): AuthoritySource | undefined {
  const passphrase = reader.requiredSecret('ca-passphrase', command);
  const given = readGivenBundle(reader, path);
  const certificate = reader.text('ca-certificate');
  const key = reader.secret('ca-key');
  const createCa = reader.parsed('create-ca', parseBoolean, false);
  const isImplied = command === 'init-ca' || replaceCa.length > 0;
  const mayCreate = createCa === undefined ? undefined : createCa || isImplied;

  const problem = findProblem(reader, { given, certificate, hasKey: key !== undefined, mayCreate });
  if (problem) reader.refuse(problem);
  if (problem || !passphrase) return undefined;
  if (given) return { kind: 'bundle', ...given, passphrase };
  if (key) return { kind: 'import', certificate, key, passphrase };
  if (!mayCreate) return undefined;
  reader.attempt('ca-passphrase', () => checkNewPassphrase(passphrase));
  return { kind: 'create', passphrase };
}

type Given = {
  readonly given: GivenBundle | undefined;
  readonly certificate: string;
  readonly hasKey: boolean;
  /** Undefined where what was said about it is wrong, and reported. */
  readonly mayCreate: boolean | undefined;
};

function findProblem(
  reader: InputReader,
  { given, certificate, hasKey, mayCreate }: Given,
): InputProblem | undefined {
  if (given && (certificate !== '' || hasKey))
    return {
      input: given.input,
      message: 'is given beside ca-certificate or ca-key: there can be only one CA',
      hint: `keep ${given.input}, and remove ca-certificate and ca-key, which import a CA for the first time`,
    };
  if (certificate !== '' && !hasKey) return halfImport('ca-key', 'ca-certificate');
  if (certificate === '' && hasKey) return halfImport('ca-certificate', 'ca-key');
  if (!given && !hasKey && mayCreate === false) return noAuthority(reader.text('ca-file'));
  return undefined;
}

function noAuthority(path: string): InputProblem {
  const consent = 'for the very first run only, consent to a new CA with create-ca: true';
  if (path !== '')
    return {
      input: 'ca-file',
      message: `the workspace has no file ${quote(path)}, and ca, ca-certificate and ca-key are empty, so there is no CA`,
      hint: `run actions/checkout before this step, and check that the file was committed; ${consent}`,
    };
  return {
    input: 'ca',
    message: `is empty, and so are ca-certificate and ca-key, so there is no CA: ${EMPTY_SECRET}`,
    hint: `if you have a CA, ${secretHint('ca')}; ${consent}`,
  };
}

function halfImport(missing: string, given: string): InputProblem {
  return {
    input: missing,
    message: `is empty, but ${given} is given: ${EMPTY_SECRET}`,
    hint: `to import a CA give both, to restore one give neither and set ca; ${secretHint(missing)}`,
  };
}
