import { ActionError } from '../errors.ts';
import { parseJumps } from '../inventory/jumps.ts';
import { parseKnownHosts } from '../ssh/known-hosts.ts';
import { Secret } from '../secret.ts';
import { readPrivateKeys } from '../ssh/private-key.ts';
import type { InputReader } from './input-reader.ts';
import type { Command, SshCredentials, SshNetwork } from './request.ts';

/** Reads how to log in to hosts, for a command that does so. */
export function readSshCredentials(reader: InputReader, command: Command): SshCredentials | undefined {
  const pasted = reader.requiredSecret('ssh-private-key', command);
  const { keys, passphrase } = readKeys(reader, pasted);
  const sudoPassword = reader.parsed('ssh-sudo-password', parseSudoPassword, undefined);
  const network = readSshNetwork(reader);
  if (keys.length === 0 || !network) return undefined;
  return {
    privateKeys: keys,
    ...network,
    ...(passphrase && { passphrase }),
    ...(sudoPassword && { sudoPassword }),
  };
}

/** Reads the private keys and their passphrase; no keys where none are pasted or one of them cannot be used. */
export function readKeys(
  reader: InputReader,
  pasted: Secret | undefined,
): { readonly keys: readonly Secret[]; readonly passphrase: Secret | undefined } {
  const passphrase = reader.secret('ssh-passphrase');
  if (!pasted) return { keys: [], passphrase };
  const { keys, problems } = readPrivateKeys(pasted, passphrase);
  for (const problem of problems) reader.refuse(problem);
  return { keys: problems.length === 0 ? keys : [], passphrase };
}

/** sudo reads a line. The message does not repeat it. */
function parseSudoPassword(text: string): Secret {
  if (/^[^\u0000\r\n]+$/.test(text)) return new Secret(text);
  throw new ActionError({ message: 'has a line break in it', hint: 'store the password alone, on one line' });
}

/** Reads `ssh-known-hosts` and `ssh-jump`. */
export function readSshNetwork(reader: InputReader): SshNetwork | undefined {
  // Whether a host's key is missing is found out when it is called: only then its key can be shown to the user.
  const { knownHosts, problems } = parseKnownHosts(reader.text('ssh-known-hosts'));
  for (const { line, message, hint } of problems)
    reader.refuse({ input: 'ssh-known-hosts', message: `line ${line}: ${message}`, hint });
  const jumps = reader.parsed('ssh-jump', parseJumps, []);
  return jumps && { knownHosts, jumps };
}
