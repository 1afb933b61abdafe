import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const NCC = 'node_modules/@vercel/ncc/dist/ncc/cli.js';
const ENTRY = '__tests__/support/short-lived-entry.ts';

/** A folder with the action whose certificates live for minutes, everything else as in dist/. Its maker removes it. */
export async function shortLivedAction(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'short-lived-action-'));
  cpSync('action.yml', join(folder, 'action.yml'));
  const options = ['--no-cache', '--transpile-only', '-o', join(folder, 'dist')];
  await promisify(execFile)(process.execPath, [NCC, 'build', ENTRY, ...options]);
  for (const part of ['post', 'shipyard-cli'])
    cpSync(join('dist', part), join(folder, 'dist', part), { recursive: true });
  return folder;
}
