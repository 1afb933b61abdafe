import { afterAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const index = join(import.meta.dirname, '../../../images/shipyard-cli/index.ts');
const home = mkdtempSync(join(tmpdir(), 'shipyard-program-'));

afterAll(() => {
  rmSync(home, { recursive: true });
});

const shipyard = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', index, ...args], {
    // Whatever lies there would stop every command, if HOME counted.
    env: { ...process.env, HOME: home },
    encoding: 'utf8',
    input: '',
  });

test('the program takes its home from the passwd entry, not from HOME', () => {
  writeFileSync(join(home, '.shipyardrc'), 'no JSON');
  const { status, stdout, stderr } = shipyard('--version');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'shipyard version 2.0.10\n', stderr: '' });
});

test('what it has written arrives before its status', () => {
  const { status, stdout } = shipyard('login');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^URL: time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" level="fatal" msg="EOF" \n$/);
});
