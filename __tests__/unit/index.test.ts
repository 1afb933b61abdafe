import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { parseFileCommands } from '../../lab/file-commands.ts';

let before: typeof process.exitCode;
let folder: string;
beforeEach(() => {
  before = process.exitCode;
  process.exitCode = undefined;
  folder = mkdtempSync(join(tmpdir(), 'index-'));
  process.env['GITHUB_STATE'] = join(folder, 'state');
  writeFileSync(join(folder, 'state'), '');
});
afterEach(() => {
  process.exitCode = before;
  delete process.env['GITHUB_STATE'];
  rmSync(folder, { recursive: true });
});

test('the post step hears that a run has begun, under which tag, and whether it ended', async () => {
  await start(new Promise<boolean>(() => undefined));
  expect(state()).toEqual({ tag: expect.stringMatching(/^[0-9a-f]{12}$/) });
  await start(Promise.resolve(false));
  expect(state()).toMatchObject({ ended: 'true' });
});

test('a run is red until it has ended: Node leaves by itself when nothing is left to wait for', async () => {
  await start(new Promise<boolean>(() => undefined));
  expect(process.exitCode).toBe(1);
});

test('a run that ended well is green', async () => {
  await start(Promise.resolve(true));
  expect(process.exitCode).toBe(0);
});

test('a run that ended with failures is red', async () => {
  await start(Promise.resolve(false));
  expect(process.exitCode).toBe(1);
});

test('an error is shown, and red', async () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await start(Promise.reject(new Error('no route')));
  const shown = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  expect(shown).toMatch(/^::error::.*this is a defect of the action: Error: no route/);
  expect(process.exitCode).toBe(1);
});

function state(): Readonly<Record<string, string>> {
  return parseFileCommands(readFileSync(join(folder, 'state'), 'utf8'));
}

/** Loads the entry point, with `main.ts` replaced by one whose run ends as `result` does. */
async function start(result: Promise<boolean>): Promise<void> {
  jest.resetModules();
  jest.unstable_mockModule('../../src/main.ts', () => ({ run: () => result }));
  await import('../../src/index.ts');
  await new Promise((resolve) => setImmediate(resolve));
}
