import { generateKeyPairSync } from 'node:crypto';
import { InputError } from '../../src/errors.ts';
import { readInputs } from '../../src/inputs/read-inputs.ts';
import type { ApplyRequest, Request, ScanRequest } from '../../src/inputs/request.ts';

import { writeOpenSshEd25519 } from '../../src/ssh/openssh-key.ts';

export type Inputs = Readonly<Record<string, string>>;

/** A private key that no host lets in. */
export const privateKey = writeOpenSshEd25519(generateKeyPairSync('ed25519').privateKey);

/** The least that makes a whole request. */
const LEAST: Inputs = {
  nodes: 'node1=10.0.0.11\nnode2=10.0.0.12\n',
  'ssh-private-key': privateKey,
  ca: 'ca bundle',
  'ca-passphrase': 'a passphrase of the CA',
};

/** Reads the least inputs with some changed; files are those of `files`. */
export function request(changed: Inputs = {}, files: Inputs = {}): ApplyRequest {
  const read = readInputs(
    {
      input: (name) => changed[name] ?? LEAST[name] ?? '',
      readFile: (path) => files[path],
    },
    'push',
  );
  if (read.command !== 'apply' && read.command !== 'rotate-ca')
    throw new Error('this is not a request to apply');
  return read;
}

/** What `command: scan-host-keys` makes of these inputs and no others. */
export function scanRequest(inputs: Inputs): ScanRequest {
  const given: Inputs = { command: 'scan-host-keys', ...inputs };
  const read = readRequest(given);
  if (read.command !== 'scan-host-keys') throw new Error('this is not a request to scan');
  return read;
}

/** What these inputs and no others make. */
export function readRequest(inputs: Inputs): Request {
  return readInputs({ input: (name) => inputs[name] ?? '', readFile: () => undefined }, 'push');
}

/** What is wrong with the least inputs after a change, one line `input: message` each. */
export function problems(changed: Inputs, files: Inputs = {}): string[] {
  return inputError(changed, files).problems.map(({ input, message }) => `${input}: ${message}`);
}

export function inputError(changed: Inputs, files: Inputs = {}): InputError {
  try {
    request(changed, files);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  return new InputError([]);
}
