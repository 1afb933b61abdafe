import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { githubInputs } from '../../../src/adapters/github-inputs.ts';
import { ActionError } from '../../../src/errors.ts';

const before = { ...process.env };
let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  process.env['GITHUB_WORKSPACE'] = workspace;
});
afterEach(() => {
  process.env = { ...before };
  rmSync(workspace, { recursive: true });
});

test('an input is what stands in INPUT_*, without the white space around it, and nothing else', () => {
  Object.assign(process.env, { 'INPUT_SSH-PASSPHRASE': ' a b\n', 'ssh-passphrase': 'x', NODES: 'x' });
  expect(githubInputs.input('ssh-passphrase')).toBe('a b');
  expect(githubInputs.input('nodes')).toBe('');
});

describe('a file', () => {
  test('is read relative to the workspace, or by its absolute path', () => {
    mkdirSync(join(workspace, 'cluster'));
    writeFileSync(join(workspace, 'cluster', 'nodes.yml'), 'größe\n');
    expect(githubInputs.readFile('cluster/nodes.yml')).toBe('größe\n');
    expect(githubInputs.readFile(join(workspace, 'cluster', 'nodes.yml'))).toBe('größe\n');
  });

  test.each(['nodes.yml', 'nodes.yml/x', 'no/nodes.yml'])('that is not there is undefined: %s', (path) => {
    if (path.startsWith('nodes.yml/')) writeFileSync(join(workspace, 'nodes.yml'), '');
    expect(githubInputs.readFile(path)).toBeUndefined();
  });

  test.each(['.', 'cluster'])('that is a directory cannot be read: %s', (path) => {
    mkdirSync(join(workspace, 'cluster'));
    const read = () => githubInputs.readFile(path);
    expect(read).toThrow(ActionError);
    expect(read).toThrow(`the file ${path} cannot be read: it is a directory`);
  });

  test('that cannot be read for another reason is told with it', () => {
    symlinkSync('loop', join(workspace, 'loop'));
    expect(() => githubInputs.readFile('loop')).toThrow(/^the file loop cannot be read: ELOOP/);
  });
});
