import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { readActionMetadata } from './action-metadata.ts';
import { type RunnerLog, runnerLog } from './runner-log.ts';
import { type RunnerFiles, runnerFiles } from './runner-files.ts';
import { runnerEnvironment, stateEnvironment } from './runner-environment.ts';
import type { WorkflowCommand } from './workflow-command.ts';

export type ActionOptions = {
  /** What `with:` holds. An input that action.yml does not declare is an error. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The values that GitHub knows as secrets of the job: masked from the first line on. */
  readonly secrets?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the repository that was checked out, by their path in it. */
  readonly files?: Readonly<Record<string, string>>;
  /** What GitHub says about the event; nothing unless given. */
  readonly event?: object;
  /** The folder that holds action.yml; the project itself unless another is given. */
  readonly action?: string;
  /** After this the run is cancelled and rejected; ten minutes unless given. */
  readonly timeoutMs?: number;
  /** Receives every line of the log as GitHub would show it. */
  readonly onLine?: (line: string) => void;
};

export type ActionRun = {
  /** Of the main step; 128 and the number of the signal where one ended it. */
  readonly exitCode: number;
  readonly rawLog: string;
  /** The log as GitHub shows it. */
  readonly log: string;
  readonly commands: readonly WorkflowCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The names of those outputs that GitHub would not hand to another job, because they hold a masked value. */
  readonly heldBack: readonly string[];
  readonly summary: string;
  readonly state: Readonly<Record<string, string>>;
  /** What GITHUB_ENV got. */
  readonly exported: Readonly<Record<string, string>>;
  /** What the job left in RUNNER_TEMP, after its post step: path → content; a directory ends with a slash. */
  readonly leftovers: Readonly<Record<string, string>>;
  /** What the job left in its workspace, path → content; what it found there is among it. */
  readonly workspace: Readonly<Record<string, string>>;
  readonly durationMs: number;
};

export type StartedAction = {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** What GitHub does when a person presses Cancel: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL. */
  cancel(): Promise<void>;
  readonly done: Promise<ActionRun>;
};

/** Runs the action's bundle as the GitHub runner does, its post step included, and resolves however it ends. */
export async function runAction(options: ActionOptions): Promise<ActionRun> {
  return startAction(options).done;
}

/** The same, without waiting: for those who want to kill it in the middle. */
export function startAction(options: ActionOptions): StartedAction {
  const folder = options.action ?? fileURLToPath(new URL('..', import.meta.url));
  const metadata = readActionMetadata(folder);
  const undeclared = Object.keys(options.inputs).filter((name) => !metadata.inputs.has(name));
  if (undeclared.length > 0) throw new Error(`action.yml does not declare: ${undeclared.join(', ')}`);
  const inputs = { ...Object.fromEntries(metadata.inputs), ...options.inputs };
  const files = runnerFiles(options.files ?? {}, options.event ?? {});
  const log = runnerLog(options.secrets ?? [], options.onLine ?? (() => undefined));
  const environment = runnerEnvironment(inputs, files, options.env ?? {});
  const started = performance.now();
  const main = startStep(join(folder, metadata.main), files, environment, log);
  const finish = async (): Promise<ActionRun> => {
    const timeoutMs = options.timeoutMs ?? 600_000;
    const timeout = setTimeout(() => void cancel(main.child), timeoutMs);
    const exitCode = await main.exitCode;
    clearTimeout(timeout);
    const durationMs = performance.now() - started;
    if (metadata.post !== undefined) {
      const post = { ...environment, ...stateEnvironment(files.state()) };
      await startStep(join(folder, metadata.post), files, post, log).exitCode;
    }
    if (durationMs > timeoutMs)
      throw new Error(`the action did not end within ${timeoutMs} ms:\n${log.masked()}`);
    return { exitCode, durationMs, ...results(log, files) };
  };
  return {
    pid: main.child.pid ?? 0,
    signal: (name) => void main.child.kill(name),
    cancel: async () => cancel(main.child),
    done: finish().finally(() => files.remove()),
  };
}

function results(log: RunnerLog, files: RunnerFiles): Omit<ActionRun, 'exitCode' | 'durationMs'> {
  const outputs = files.outputs();
  return {
    rawLog: log.raw(),
    log: log.masked(),
    commands: log.commands(),
    outputs,
    heldBack: Object.keys(outputs).filter((name) => log.holdsSecret(outputs[name] ?? '')),
    summary: files.summary(),
    state: files.state(),
    exported: files.exported(),
    leftovers: files.leftovers(),
    workspace: files.repository(),
  };
}

type Step = { readonly child: ChildProcess; readonly exitCode: Promise<number> };

function startStep(program: string, files: RunnerFiles, env: NodeJS.ProcessEnv, log: RunnerLog): Step {
  const child = spawn(process.execPath, [program], {
    cwd: files.workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => log.write(line));
  createInterface({ input: child.stderr }).on('line', (line) => log.write(line));
  const exitCode = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      child.once('close', () => resolve(exitCode));
      // As long as the runner waits for processes that the step left behind with its output in their hands.
      setTimeout(resolve, 5000, exitCode).unref();
    });
  });
  return { child, exitCode };
}

async function cancel(child: ChildProcess): Promise<void> {
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const signals = [
    ['SIGINT', 7500],
    ['SIGTERM', 2500],
    ['SIGKILL', 0],
  ] as const;
  for (const [signal, patience] of signals) {
    if (running()) child.kill(signal);
    for (let waited = 0; waited < patience && running(); waited += 50) await sleep(50);
  }
}
