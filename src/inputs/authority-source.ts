import type { InputProblem } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { EMPTY_SECRET, secretHint, type InputReader } from './input-reader.ts';
import type { AuthoritySource, Command } from './request.ts';
import { parseBoolean } from './scalars.ts';

/**
 * Reads where the authority comes from: `ca`, or `ca-certificate` with `ca-key`, or consent to create one.
 * An empty secret alone is never consent: a second CA must not come into being by accident.
 */
export function readAuthoritySource(reader: InputReader, command: Command): AuthoritySource | undefined {
  const passphrase = reader.requiredSecret('ca-passphrase', command);
  const bundle = reader.secret('ca');
  const certificate = reader.text('ca-certificate');
  const key = reader.secret('ca-key');
  const mayCreate = reader.parsed('create-ca', parseBoolean, false);

  const problem = findProblem(bundle, certificate, key, mayCreate);
  if (problem) reader.refuse(problem);
  if (problem || !passphrase) return undefined;
  if (bundle) return { kind: 'bundle', bundle, passphrase };
  if (key) return { kind: 'import', certificate, key, passphrase };
  return mayCreate ? { kind: 'create', passphrase } : undefined;
}

function findProblem(
  bundle: Secret | undefined,
  certificate: string,
  key: Secret | undefined,
  mayCreate: boolean | undefined,
): InputProblem | undefined {
  if (bundle && (certificate !== '' || key))
    return {
      input: 'ca',
      message: 'is given beside ca-certificate or ca-key: there can be only one CA',
      hint: 'keep ca, and remove ca-certificate and ca-key, which import a CA for the first time',
    };
  if (certificate !== '' && !key) return halfImport('ca-key', 'ca-certificate');
  if (certificate === '' && key) return halfImport('ca-certificate', 'ca-key');
  if (!bundle && !key && mayCreate === false)
    return {
      input: 'ca',
      message: `is empty, and so are ca-certificate and ca-key, so there is no CA: ${EMPTY_SECRET}`,
      hint: `if you have a CA, ${secretHint('ca')}; for the very first run only, consent to a new CA with create-ca: true`,
    };
  return undefined;
}

function halfImport(missing: string, given: string): InputProblem {
  return {
    input: missing,
    message: `is empty, but ${given} is given: ${EMPTY_SECRET}`,
    hint: `to import a CA give both, to restore one give neither and set ca; ${secretHint(missing)}`,
  };
}
