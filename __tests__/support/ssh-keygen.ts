import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** OpenSSH's own ssh-keygen, with a directory for what it reads and writes. */
export class SshKeygen {
  readonly #directory = mkdtempSync(join(tmpdir(), 'ssh-keygen-'));

  /** A new private key as ssh-keygen writes it. */
  create(passphrase: string, ...options: readonly string[]): string {
    const file = join(this.#directory, 'key');
    rmSync(file, { force: true });
    const { status, stderr } = this.#run('-q', '-N', passphrase, '-f', file, ...options);
    if (status !== 0) throw new Error(stderr);
    return readFileSync(file, 'utf8');
  }

  /** `type base64` of the public half; `undefined` where ssh-keygen cannot read the key. */
  publicHalf(privateKey: string, passphrase: string): string | undefined {
    const file = join(this.#directory, 'pasted');
    writeFileSync(file, privateKey, { mode: 0o600 });
    const { status, stdout } = this.#run('-y', '-P', passphrase, '-f', file);
    return status === 0 ? stdout.trim().split(' ').slice(0, 2).join(' ') : undefined;
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  #run(...args: readonly string[]) {
    return spawnSync('ssh-keygen', args, { encoding: 'utf8', input: '' });
  }
}
