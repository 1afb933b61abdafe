import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseFileCommands } from '../../../lab/file-commands.ts';
import { type ActionRun, runAction } from '../../../lab/runner.ts';

type Values = Readonly<Record<string, string>>;
type Step = {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Values;
};
type Job = { readonly steps: readonly Step[]; readonly outputs?: Values };
type Workflow = {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
};

/** Where the examples say that the action is; here it is dist/. */
const ACTION = 'OWNER/ACTION@v1';

/** What GitHub knows of the repository whose workflow runs. */
export type Settings = { readonly secrets: Values; readonly vars: Values; readonly env: Values };

/** A repository with a remote, which holds the inventory. */
export class ExampleRepository {
  readonly #root = mkdtempSync(join(tmpdir(), 'shipyard-example-'));
  readonly #clone = join(this.#root, 'clone');

  constructor(inventory: string) {
    this.#git(this.#root, 'init', '--quiet', '--bare', '--initial-branch', 'main', 'origin.git');
    this.#git(this.#root, 'clone', '--quiet', 'origin.git', 'clone');
    writeFileSync(join(this.#clone, 'nodes.yml'), inventory);
    this.#git(this.#clone, 'checkout', '--quiet', '-b', 'main');
    this.#git(this.#clone, 'add', 'nodes.yml');
    this.#git(this.#clone, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'Begin');
    this.#git(this.#clone, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  }

  /** The inventory as everybody sees it, after what was pushed. */
  pushed(): string {
    return this.#git(join(this.#root, 'origin.git'), 'show', 'main:nodes.yml');
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /**
   * Runs the jobs of an example that use the action, step by step: shell steps in a shell, steps of the action with the
   * very `with:` of the file. Ends with the first one that fails, as GitHub does. Resolves to the action's runs.
   */
  async run(name: string, settings: Settings, inputs: Values = {}): Promise<readonly ActionRun[]> {
    const { on, jobs } = parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8')) as Workflow;
    const event = 'schedule' in on ? 'schedule' : 'workflow_dispatch';
    const runs: ActionRun[] = [];
    const needs: Record<string, { readonly outputs: Values }> = {};
    for (const [id, job] of Object.entries(jobs)) {
      if (job.steps.every(({ uses }) => uses !== ACTION)) continue;
      const steps: Record<string, { readonly outputs: Values }> = {};
      const context = { ...settings, inputs, needs, steps };
      for (const step of job.steps) {
        if (step.uses === ACTION) {
          const run = await this.#action(step, context, { GITHUB_EVENT_NAME: event, ...settings.env });
          runs.push(run);
          if (run.exitCode !== 0) return runs;
          if (step.id) steps[step.id] = { outputs: run.outputs };
        } else if (step.run !== undefined) {
          const outputs = this.#shell(step.run, evaluateAll(step.env ?? {}, context));
          if (step.id) steps[step.id] = { outputs };
        }
      }
      needs[id] = { outputs: evaluateAll(job.outputs ?? {}, context) };
    }
    return runs;
  }

  async #action(step: Step, context: Settings & object, env: Values): Promise<ActionRun> {
    const file = join(this.#clone, 'nodes.yml');
    const run = await runAction({
      inputs: evaluateAll(step.with ?? {}, context),
      secrets: Object.values(context.secrets).filter((secret) => secret !== ''),
      files: { 'nodes.yml': readFileSync(file, 'utf8') },
      env,
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
      env: { PATH: process.env['PATH'], HOME: this.#root, GITHUB_OUTPUT: output, ...env },
    });
    return parseFileCommands(readFileSync(output, 'utf8'));
  }

  #git(cwd: string, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  }
}

function evaluateAll(values: Readonly<Record<string, unknown>>, context: object): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluate(String(value), context)]),
  );
}

/** The examples use nothing but names with dots between them; what is not there is empty, as with GitHub. */
function evaluate(text: string, context: object): string {
  return text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, path: string) => {
    let value: unknown = context;
    for (const name of path.split('.'))
      value = value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined;
    return typeof value === 'string' ? value : '';
  });
}
