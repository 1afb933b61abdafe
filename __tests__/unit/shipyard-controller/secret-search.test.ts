import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionRun } from '../../../lab/runner.ts';
import { keyLines, SecretSearch } from '../../lab/support/secrets.ts';
import { serverFor, newAuthority, nodeSpec } from '../../support/fakes.ts';
import { startController } from '../../support/shipyard-controller.ts';
import { SshKeygen } from '../../support/ssh-keygen.ts';

const keygen = new SshKeygen();
const directory = mkdtempSync(join(tmpdir(), 'secret-search-'));
let sshKey: string;
let serverKey: string;
/** What the file of the stand-in says after two logins under one User-Agent. */
let database: string;
let tokens: readonly string[];

beforeAll(async () => {
  sshKey = keygen.create('', '-t', 'ed25519');
  serverKey = (await serverFor(nodeSpec(), await newAuthority())).key.reveal();
  const file = join(directory, 'data.json');
  const controller = await startController(['-data', file]);
  const logIn = async (): Promise<string> => {
    const body = JSON.stringify({ username: 'admin', password: 'shipyard' });
    const answer = await fetch(`${controller.url}/auth/login`, { method: 'POST', body });
    return ((await answer.json()) as { readonly auth_token: string }).auth_token;
  };
  tokens = [await logIn(), await logIn()];
  await controller.stop();
  database = readFileSync(file, 'utf8');
});
afterAll(() => {
  keygen.remove();
  rmSync(directory, { recursive: true });
});

test.each([
  ['the key for SSH', () => keyLines(sshKey)],
  ['the key of a server', () => keyLines(serverKey)],
  ['a token that counts', () => tokens.slice(1)],
  ['a token that a later login has ended', () => tokens.slice(0, 1)],
])('%s is found where it was written, and only there', (_, secrets) => {
  const search = new SecretSearch();
  search.knowKeys(sshKey, serverKey);
  search.learn(database, []);
  search.add(run('nothing'));
  expect(search.found()).toEqual([]);
  const [planted = ''] = secrets();
  expect(planted).not.toBe('');
  search.add(run(`a line with ${planted} in it`));
  expect(search.found()).toEqual([planted]);
});

test('a key without lines is an error, and not a search for nothing', () => {
  expect(() => new SecretSearch().knowKeys('', '')).toThrow('there is no key to search for');
});

function run(rawLog: string): ActionRun {
  const none = {};
  return {
    ...{ exitCode: 0, rawLog, log: 'node1', commands: [], outputs: none, heldBack: [], summary: '' },
    ...{ state: none, exported: none, leftovers: none, workspace: none, durationMs: 0 },
  };
}
