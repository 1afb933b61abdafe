import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { privateDir } from './state.ts';

/** The key pair that logs in to every node of this lab as root and as deploy. */
export type SshIdentity = { readonly privateKeyFile: string; readonly publicKey: string };

/** The lab's own Ed25519 key pair in OpenSSH's format; made on the first call, readable by its owner only. */
export function sshIdentity(): SshIdentity {
  const privateKeyFile = join(privateDir(), 'id_ed25519');
  const publicKeyFile = `${privateKeyFile}.pub`;
  if (!existsSync(privateKeyFile)) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'shipyard-lab' });
    writeFileSync(publicKeyFile, `${pair.public}\n`);
    writeFileSync(privateKeyFile, pair.private, { mode: 0o600 });
  }
  return {
    privateKeyFile,
    publicKey: readFileSync(publicKeyFile, 'utf8').trim(),
  };
}

export function privateKeyOf({ privateKeyFile }: SshIdentity): string {
  return readFileSync(privateKeyFile, 'utf8');
}
