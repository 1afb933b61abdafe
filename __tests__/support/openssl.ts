import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The machine's openssl, run in a private directory of its own. */
export class OpenSsl {
  readonly #directory = mkdtempSync(join(tmpdir(), 'openssl-'));

  /** Runs one command and returns what it printed; throws with openssl's own words if it fails. */
  run(...args: readonly string[]): string {
    const { status, stdout, stderr } = this.try(...args);
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Runs one command that may fail. */
  try(...args: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  } {
    return spawnSync('openssl', args, { cwd: this.#directory, encoding: 'utf8' });
  }

  /** Writes a file next to those that openssl writes, and returns its name for use as an argument. */
  write(name: string, content: string): string {
    writeFileSync(join(this.#directory, name), content, { mode: 0o600 });
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.#directory, name), 'utf8');
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  /** What `openssl verify` says at its strictest of a certificate in a role: `OK`, or why it is refused. */
  verify({ leaf, ca, purpose, name = [], isStrict = true }: Verification): string {
    const files = ['-CAfile', this.write('verify-ca.pem', ca), this.write('verify-leaf.pem', leaf)];
    const strictness = [
      '-auth_level',
      '2',
      '-no-CApath',
      '-no-CAstore',
      ...(isStrict ? ['-x509_strict'] : []),
    ];
    const { status, stderr } = this.try('verify', ...strictness, '-purpose', purpose, ...name, ...files);
    if (status === 0) return 'OK';
    return /^error \d+ at \d+ depth lookup: (.+)$/m.exec(stderr)?.[1] ?? stderr;
  }
}

export type Verification = {
  readonly leaf: string;
  readonly ca: string;
  readonly purpose: 'sslserver' | 'sslclient';
  /** `-verify_hostname` or `-verify_ip`, and the name. */
  readonly name?: readonly string[];
  /** Whether certificates must also be as RFC 5280 wants them, which those of somebody else's CA are not. */
  readonly isStrict?: boolean;
};
