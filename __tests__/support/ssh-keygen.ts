import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** OpenSSH's own ssh-keygen, with a directory for what it reads and writes. */
export class SshKeygen {
  readonly #directory = mkdtempSync(join(tmpdir(), 'ssh-keygen-'));

  /** A new private key as ssh-keygen writes it; its passphrase is hashed once and not 16 times, which takes half a second. */
  create(passphrase: string, ...options: readonly string[]): string {
    const file = join(this.#directory, 'key');
    rmSync(file, { force: true });
    const { status, stderr } = this.#run('-q', '-N', passphrase, '-f', file, '-a', '1', ...options);
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

  /** What `ssh-keygen -F` finds for a name in known_hosts lines, as `type base64` each. */
  known(lines: string, name: string): Record<'trusted' | 'revoked', readonly string[]> {
    const file = join(this.#directory, 'known_hosts');
    writeFileSync(file, lines);
    const found = this.#run('-F', name, '-f', file)
      .stdout.split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => ({
        isRevoked: line.trimStart().startsWith('@revoked'),
        key: (/(?<=\s)(ssh|ecdsa)-\S+\s+AAAA\S+/.exec(line)?.[0] ?? line).replace(/\s+/, ' '),
      }));
    const revoked = found.filter(({ isRevoked }) => isRevoked).map(({ key }) => key);
    const rest = found.filter(({ isRevoked }) => !isRevoked).map(({ key }) => key);
    return { trusted: rest.filter((key) => !revoked.includes(key)), revoked };
  }

  /** The same lines with their names hashed (`ssh-keygen -H`). */
  hashed(lines: string): string {
    const file = join(this.#directory, 'known_hosts');
    writeFileSync(file, lines);
    this.#run('-H', '-f', file);
    return readFileSync(file, 'utf8');
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  #run(...args: readonly string[]) {
    return spawnSync('ssh-keygen', args, { encoding: 'utf8', input: '' });
  }
}
