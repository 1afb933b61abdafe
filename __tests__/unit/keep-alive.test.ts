import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { evaluateAll, exampleText, parseExample } from '../support/example-workflow.ts';

/** GitHub's CLI as it answers an API call: its words for an HTTP error on standard error, and status 1. */
const GH = `#!/bin/sh
echo "$*" >>"$HOME/calls"
[ "$GH_TOKEN" = a-token ] || { echo 'gh: Bad credentials (HTTP 401)' >&2; exit 1; }
workflow=\${5##*/workflows/}
error=$(cat "$HOME/\${workflow%/enable}" 2>/dev/null) || exit 0
echo "$error" >&2
exit 1
`;
const call = (workflow: string, repository = 'team/cluster'): string =>
  `api --silent --method PUT repos/${repository}/actions/workflows/${workflow}/enable`;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'keep-alive-'));
  writeFileSync(join(home, 'gh'), GH, { mode: 0o755 });
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

test('switches both schedules on', () => {
  expect(keepAlive()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(calls()).toEqual([call('renew.yml'), call('check.yml')]);
});

test('is well where check.yml was not copied', () => {
  fail('check.yml', 'gh: Not Found (HTTP 404)');
  expect(keepAlive()).toMatchObject({
    status: 0,
    stdout: 'gh: Not Found (HTTP 404)\nthere is no check.yml here\n',
  });
});

test.each([
  ['check.yml', 'gh: Resource not accessible by integration (HTTP 403)'],
  ['check.yml', 'gh: HTTP 502'],
  ['check.yml', 'error connecting to api.github.com'],
  ['renew.yml', 'gh: Not Found (HTTP 404)'],
])('is red where %s cannot be switched on for another reason: %s', (workflow, error) => {
  fail(workflow, error);
  const { status, stdout, stderr } = keepAlive();
  expect({ status, said: `${stdout}${stderr}`.trim() }).toEqual({ status: 1, said: error });
});

test('nothing in its environment reaches the shell', () => {
  const repository = 'a/$(touch "$HOME/pwned")`touch "$HOME/pwned"`; touch "$HOME/pwned"';
  fail('check.yml', '$(touch "$HOME/pwned") (HTTP 404) `touch "$HOME/pwned"`');
  expect(keepAlive(repository).status).toBe(0);
  expect(calls()).toEqual([call('renew.yml', repository), call('check.yml', repository)]);
  expect(() => readFileSync(join(home, 'pwned'))).toThrow('ENOENT');
});

/** Lets GitHub's CLI fail with these words for a workflow. */
function fail(workflow: string, error: string): void {
  writeFileSync(join(home, workflow), error);
}

function calls(): readonly string[] {
  return readFileSync(join(home, 'calls'), 'utf8').trim().split('\n');
}

/** Runs the one step of the job as GitHub does where no `shell:` is given. */
function keepAlive(repository = 'team/cluster') {
  const [step] = parseExample(exampleText('renew')).jobs['keep-alive']?.steps ?? [];
  const github = { token: 'a-token', repository };
  const env = { PATH: `${home}:${process.env['PATH'] ?? ''}`, HOME: home };
  return spawnSync('bash', ['-e', '-c', step?.run ?? 'exit 9'], {
    encoding: 'utf8',
    env: { ...env, ...evaluateAll(step?.env ?? {}, { github }) },
  });
}
