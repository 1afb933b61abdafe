import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFileCommands } from '../../lab/file-commands.ts';
import type { ActionOptions, ActionRun } from '../../lab/runner.ts';
import {
  ACTION,
  evaluateAll,
  isDue,
  type Job,
  parseExample,
  type Step,
  type Values,
} from './example-workflow.ts';

/** What GitHub knows of the repository whose workflow runs. */
export type Settings = {
  /** The secrets of the repository, which every job may read. */
  readonly secrets: Values;
  /** Those of its environments: a job reads the ones of the environment that it names. */
  readonly environments: Readonly<Record<string, Values>>;
  readonly vars: Values;
  readonly env: Values;
};

/** What the steps after one of the action need of it. */
export type Acted = Pick<ActionRun, 'exitCode' | 'outputs' | 'workspace'>;

type Outputs = Record<string, { readonly outputs: Values }>;
type Context = Settings & { readonly steps: Outputs };

const REPOSITORY = 'lab/cluster';

/** The one command of GitHub's CLI that the examples use on a variable; it keeps the value, and whose token wrote it. */
const GH = `#!/bin/sh
[ "$1 $2 $4 $5" = 'variable set --repo ${REPOSITORY}' ] || { echo "gh: not expected: $*" >&2; exit 1; }
cat >"$HOME/variables/$3"
printf '%s' "$GH_TOKEN" >"$HOME/variables/$3.token"
`;

/** A repository with a remote, which holds the inventory. */
export class ExampleRepository<Run extends Acted> {
  readonly #root = mkdtempSync(join(tmpdir(), 'shipyard-example-'));
  readonly #origin = join(this.#root, 'origin.git');
  readonly #clone = join(this.#root, 'clone');
  readonly #act: (options: ActionOptions) => Promise<Run>;

  /** `act` is what a step of the action does. */
  constructor(inventory: string, act: (options: ActionOptions) => Promise<Run>) {
    this.#act = act;
    for (const folder of ['bin', 'variables']) mkdirSync(join(this.#root, folder));
    writeFileSync(join(this.#root, 'bin/gh'), GH, { mode: 0o755 });
    this.#git(this.#root, 'init', '--quiet', '--bare', '--initial-branch', 'main', this.#origin);
    this.#git(this.#root, 'clone', '--quiet', this.#origin, this.#clone);
    this.#git(this.#clone, 'checkout', '--quiet', '-b', 'main');
    this.#commit(this.#clone, 'nodes.yml', inventory);
    this.#git(this.#clone, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  }

  /** A file as everybody sees it, after what was pushed. */
  pushed(path = 'nodes.yml'): string {
    return this.#git(this.#origin, 'show', `main:${path}`);
  }

  /** The files of that. */
  pushedFiles(): readonly string[] {
    return this.#git(this.#origin, 'ls-tree', '--name-only', 'main').trim().split('\n');
  }

  pushedMessage(): string {
    return this.#git(this.#origin, 'log', '-1', '--format=%s', 'main').trim();
  }

  /** What somebody else commits and pushes meanwhile. */
  pushElsewhere(path: string, text: string): void {
    const other = mkdtempSync(join(this.#root, 'other-'));
    this.#git(this.#root, 'clone', '--quiet', this.#origin, other);
    this.#commit(other, path, text);
    this.#git(other, 'push', '--quiet');
  }

  /** Lets the remote refuse every push from now on, as a protected branch does. Returns how many it has refused. */
  refusePushes(): () => number {
    const refused = join(this.#root, 'refused');
    writeFileSync(refused, '');
    const hook = `#!/bin/sh\necho refused >>'${refused}'\nexit 1\n`;
    writeFileSync(join(this.#origin, 'hooks/pre-receive'), hook, { mode: 0o755 });
    return () => readFileSync(refused, 'utf8').split('\n').length - 1;
  }

  /** A variable that a step has set by GitHub's CLI. */
  variable(name: string): { readonly value: string; readonly token: string } | undefined {
    const file = join(this.#root, 'variables', name);
    if (!existsSync(file)) return undefined;
    return { value: readFileSync(file, 'utf8'), token: readFileSync(`${file}.token`, 'utf8') };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /**
   * Runs the jobs of an example that use the action, step by step: shell steps in a shell, steps of the action with the
   * very `with:` of the file. After the first step that fails only those run that always do, and no job after it.
   * Resolves to the action's runs; rejects where a shell step has failed.
   */
  async run(text: string, settings: Settings, inputs: Values = {}): Promise<readonly Run[]> {
    const { on, jobs } = parseExample(text);
    const event = 'schedule' in on ? 'schedule' : 'workflow_dispatch';
    const runs: Run[] = [];
    const needs: Outputs = {};
    for (const [id, job] of Object.entries(jobs)) {
      if (job.steps.every(({ uses }) => uses !== ACTION)) continue;
      const environment = settings.environments[job.environment ?? ''] ?? {};
      const secrets = { ...settings.secrets, ...environment };
      const github = { repository: REPOSITORY };
      const context = { ...settings, secrets, github, inputs, needs, steps: {} };
      if (!(await this.#job(job, event, context, runs))) return runs;
      needs[id] = { outputs: evaluateAll(job.outputs ?? {}, context) };
    }
    return runs;
  }

  /** Resolves to whether every step went well. */
  async #job({ steps }: Job, event: string, context: Context, runs: Run[]): Promise<boolean> {
    const failures: unknown[] = [];
    let isWell = true;
    for (const step of steps) {
      if (!isDue(step, !isWell, context)) continue;
      let outputs: Values = {};
      if (step.uses === ACTION) {
        const run = await this.#action(step, event, context);
        runs.push(run);
        outputs = run.outputs;
        isWell &&= run.exitCode === 0;
      } else if (step.run !== undefined) {
        try {
          outputs = this.#shell(step.run, evaluateAll(step.env ?? {}, context));
        } catch (error) {
          failures.push(error);
          isWell = false;
        }
      }
      if (step.id) context.steps[step.id] = { outputs };
    }
    if (failures.length > 0) throw failures[0];
    return isWell;
  }

  async #action(step: Step, event: string, context: Context): Promise<Run> {
    const file = join(this.#clone, 'nodes.yml');
    const run = await this.#act({
      inputs: evaluateAll(step.with ?? {}, context),
      secrets: Object.values(context.secrets).filter((secret) => secret !== ''),
      files: { 'nodes.yml': readFileSync(file, 'utf8') },
      event: { repository: { full_name: REPOSITORY, private: false, fork: false } },
      env: { GITHUB_EVENT_NAME: event, ...context.env },
    });
    writeFileSync(file, run.workspace['nodes.yml'] ?? '', 'latin1');
    return run;
  }

  /** As GitHub runs a step without a `shell:`. Throws where it fails. Returns what it wrote to GITHUB_OUTPUT. */
  #shell(script: string, env: Values): Values {
    const output = join(this.#root, 'output');
    writeFileSync(output, '');
    execFileSync('bash', ['-e', '-c', script], {
      cwd: this.#clone,
      stdio: 'pipe',
      env: {
        PATH: `${join(this.#root, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: this.#root,
        GITHUB_OUTPUT: output,
        ...env,
      },
    });
    return parseFileCommands(readFileSync(output, 'utf8'));
  }

  #commit(clone: string, path: string, text: string): void {
    writeFileSync(join(clone, path), text);
    this.#git(clone, 'add', path);
    this.#git(clone, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', `Write ${path}`);
  }

  #git(cwd: string, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  }
}
