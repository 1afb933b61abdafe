import { parseJumps } from '../inventory/jumps.ts';
import { parseKnownHosts } from '../ssh/known-hosts.ts';
import type { InputReader } from './input-reader.ts';
import type { Command, SshCredentials, SshNetwork } from './request.ts';

/** Reads how to log in to hosts, for a command that does so. */
export function readSshCredentials(reader: InputReader, command: Command): SshCredentials | undefined {
  const privateKey = reader.requiredSecret('ssh-private-key', command);
  const passphrase = reader.secret('ssh-passphrase');
  const network = readSshNetwork(reader);
  return privateKey && network && { privateKey, ...network, ...(passphrase && { passphrase }) };
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
