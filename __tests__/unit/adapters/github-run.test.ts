import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { githubRun } from '../../../src/adapters/github-run.ts';

const NAMES = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'] as const;
const before = [...NAMES, 'GITHUB_EVENT_PATH'].map((name) => [name, process.env[name]] as const);
const listening = new Set(process.listeners('SIGINT'));

beforeEach(() => {
  process.env['GITHUB_SERVER_URL'] = 'https://github.example';
  process.env['GITHUB_REPOSITORY'] = 'team/cluster';
  process.env['GITHUB_RUN_ID'] = '7';
});
afterEach(() => {
  for (const listener of process.listeners('SIGINT'))
    if (!listening.has(listener)) process.off('SIGINT', listener);
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
});

test('a run is known by its URL, and by an identity that no attempt of it shares', () => {
  const [one, other] = [githubRun(), githubRun()];
  expect(one.url).toBe('https://github.example/team/cluster/actions/runs/7');
  expect(one.id).toMatch(/^https:\/\/github\.example\/team\/cluster\/actions\/runs\/7 [0-9a-f]{12}$/);
  expect(one.id).toBe(`${one.url} ${one.tag}`);
  expect(other.id).not.toBe(one.id);
});

test.each(NAMES)('without %s it is a run outside GitHub', (name) => {
  Reflect.deleteProperty(process.env, name);
  const { url, id } = githubRun();
  expect(url).toBe('a run outside GitHub');
  expect(id).toMatch(/^a run outside GitHub [0-9a-f]{12}$/);
});

test.each([
  ['{"schedule":"23 3 * * *","repository":{"private":false}}', true],
  ['{"schedule":"23 3 * * *","repository":{"private":true}}', false],
  ['{"schedule":"23 3 * * *"}', false],
  ['no JSON', false],
])('whether everybody can read its repository is what the event says: %s', (event, isPublic) => {
  const folder = mkdtempSync(join(tmpdir(), 'event-'));
  process.env['GITHUB_EVENT_PATH'] = join(folder, 'event.json');
  writeFileSync(join(folder, 'event.json'), event);
  expect(githubRun().isPublic).toBe(isPublic);
  rmSync(folder, { recursive: true });
  expect(githubRun().isPublic).toBe(false);
});

describe('SIGINT', () => {
  test('asks for an end, and does not end the process', () => {
    const run = githubRun();
    expect(run.isCancelled()).toBe(false);
    process.emit('SIGINT');
    expect(run.isCancelled()).toBe(true);
  });

  test('for the second time does what it does everywhere', () => {
    githubRun();
    process.emit('SIGINT');
    expect(process.listeners('SIGINT').filter((listener) => !listening.has(listener))).toEqual([]);
  });
});
