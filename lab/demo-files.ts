import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateDir } from './state.ts';

/** What a person would keep as GitHub secrets. */
export type DemoSecrets = {
  /** The output `ca` of the run that made the authority, '' before it. */
  readonly ca: string;
  readonly passphrase: string;
  readonly shipyardPassword: string;
};

export const demoDir = (): string => privateDir('demo');

/** Writes a file of the demo that only its owner can read, and returns where it is. */
export function writeDemoFile(name: string, content: string): string {
  const path = join(demoDir(), name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** The secrets of the last demo, or new random ones. */
export function demoSecrets(): DemoSecrets {
  const path = join(demoDir(), secretsFile);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoSecrets;
  const secrets = { ca: '', passphrase: random(), shipyardPassword: random() };
  keepDemoSecrets(secrets);
  return secrets;
}

export function keepDemoSecrets(secrets: DemoSecrets): void {
  writeDemoFile(secretsFile, JSON.stringify(secrets, undefined, 2));
}

const secretsFile = 'secrets.json';

function random(): string {
  return randomBytes(24).toString('base64url');
}
