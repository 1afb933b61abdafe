import { parseKnownHosts } from '../ssh/known-hosts.ts';
import type { InputReader } from './input-reader.ts';
import type { Command, SshCredentials } from './request.ts';

/** Reads `ssh-private-key`, `ssh-passphrase` and `ssh-known-hosts`. */
export function readSshCredentials(reader: InputReader, command: Command): SshCredentials | undefined {
  const privateKey = reader.requiredSecret('ssh-private-key', command);
  const passphrase = reader.secret('ssh-passphrase');
  // Whether a host's key is missing is found out when it is called: only then its key can be shown to the user.
  const { knownHosts, problems } = parseKnownHosts(reader.text('ssh-known-hosts'));
  for (const { line, message, hint } of problems)
    reader.refuse({ input: 'ssh-known-hosts', message: `line ${line}: ${message}`, hint });
  return privateKey && { privateKey, knownHosts, ...(passphrase && { passphrase }) };
}
