import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { archive } from '../../../src/adapters/archive.ts';

const FILES = [
  { path: '/root/.shipyardrc', mode: 0o600, content: '{"url":"http://127.0.0.1:8080"}' },
  { path: '/root/engine/key.pem', mode: 0o600, content: 'größe' },
  { path: '/bin/node', mode: 0o755, content: Buffer.from([0, 255, 0, 10]) },
  { path: `/root/${'long/'.repeat(30)}name`, mode: 0o644, content: '' },
];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the real tar', () => {
  test('unpacks every file with its bytes and its mode, below where it stands', async () => {
    tar(await archive(FILES), '-x', '-p');
    for (const { path, mode, content } of FILES) {
      expect(readFileSync(join(directory, path))).toEqual(Buffer.from(content));
      expect(statSync(join(directory, path)).mode & 0o7777).toBe(mode);
    }
  });

  test('lists them as root’s, with relative names', async () => {
    const lines = tar(await archive(FILES.slice(0, 2)), '-t', '-v', '--numeric-owner')
      .trim()
      .split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^-rw------- 0\/0 +31 1970-01-01 \d\d:\d\d root\/\.shipyardrc$/),
      expect.stringMatching(/^-rw------- 0\/0 +7 1970-01-01 \d\d:\d\d root\/engine\/key\.pem$/),
    ]);
  });
});

test('equal files give equal bytes', async () => {
  expect(await archive(FILES)).toEqual(await archive(FILES));
});

function tar(bytes: Buffer, ...options: readonly string[]): string {
  return execFileSync('tar', ['-C', directory, '-f', '-', ...options], { input: bytes, encoding: 'utf8' });
}
