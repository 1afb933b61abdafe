import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { githubWorkspace } from '../../../src/adapters/github-workspace.ts';

const before = process.env['GITHUB_WORKSPACE'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  process.env['GITHUB_WORKSPACE'] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env['GITHUB_WORKSPACE'];
  else process.env['GITHUB_WORKSPACE'] = before;
  rmSync(folder, { recursive: true });
});

test('a file is made with its directories, and replaced, and nothing else is left', async () => {
  await githubWorkspace.writeFile('a/b/ca.txt', 'one\n');
  await githubWorkspace.writeFile('a/b/ca.txt', 'two\n');
  expect(readFileSync(join(folder, 'a/b/ca.txt'), 'utf8')).toBe('two\n');
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['ca.txt']);
});

test('a file keeps its mode, and a link to it stays one', async () => {
  writeFileSync(join(folder, 'real'), '');
  chmodSync(join(folder, 'real'), 0o600);
  symlinkSync('real', join(folder, 'link'));
  await githubWorkspace.writeFile('link', 'text');
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('text');
  expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o600);
});

test('one that cannot be written is an error, and leaves nothing behind', async () => {
  writeFileSync(join(folder, 'file'), 'kept');
  await expect(githubWorkspace.writeFile('file/ca.txt', 'text')).rejects.toMatchObject({
    name: 'ActionError',
    message: expect.stringMatching(/^the file file\/ca\.txt cannot be written: /),
  });
  await expect(githubWorkspace.writeFile('.', 'text')).rejects.toThrow('the file . cannot be written');
  expect(readdirSync(folder)).toEqual(['file']);
});
