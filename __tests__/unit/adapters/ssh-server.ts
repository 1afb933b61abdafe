import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { SshCredentials } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { parseHostKey, type HostKey } from '../../../src/ssh/host-key.ts';
import { parseKnownHosts } from '../../../src/ssh/known-hosts.ts';

export type SshKey = { readonly privateKey: string; readonly publicKey: HostKey };

/** A fresh key, made by ssh-keygen. */
export function sshKey(type = 'ed25519'): SshKey {
  const directory = mkdtempSync(join(tmpdir(), 'ssh-key-'));
  const file = join(directory, 'key');
  try {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
    const publicKey = parseHostKey(readFileSync(`${file}.pub`, 'utf8'));
    return { privateKey: readFileSync(file, 'utf8'), publicKey };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Logs in with this key; nothing else is known. */
export function credentials({ privateKey }: SshKey): SshCredentials {
  return { privateKeys: [new Secret(privateKey)], knownHosts: parseKnownHosts('').knownHosts, jumps: [] };
}

/** Makes of a TCP connection one to an SSH server with these keys that lets in whoever comes, or nobody. */
export function serveSsh(
  hostKeys: SshKey | readonly SshKey[],
  letsIn: boolean,
  onSession: (session: ssh2.Session) => void = () => undefined,
): (socket: Socket) => void {
  const keys = [hostKeys].flat().map(({ privateKey }) => privateKey);
  const server = new ssh2.Server({ hostKeys: keys }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => {
      if (letsIn) attempt.accept();
      else attempt.reject(['publickey']);
    });
    client.on('session', (accept) => onSession(accept()));
  });
  return (socket) => server.injectSocket(socket);
}
