import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseFileCommands } from './file-commands.ts';

/** The directories and files that a job has, in a private directory of its own. */
export type RunnerFiles = {
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  /** GITHUB_OUTPUT and so on, to where each is. */
  readonly variables: Readonly<Record<string, string>>;
  outputs(): Readonly<Record<string, string>>;
  state(): Readonly<Record<string, string>>;
  exported(): Readonly<Record<string, string>>;
  summary(): string;
  /** Everything in RUNNER_TEMP: path → content; a directory ends with a slash and has none. */
  leftovers(): Readonly<Record<string, string>>;
  /** Everything in the workspace, in the same form. */
  repository(): Readonly<Record<string, string>>;
  remove(): void;
};

/** Makes them, with a workspace that holds `repository` (path → content), for the event with that payload. */
export function runnerFiles(repository: Readonly<Record<string, string>>, event: object): RunnerFiles {
  const root = mkdtempSync(join(tmpdir(), 'shipyard-lab-job-'));
  const path = (name: string): string => join(root, name);
  for (const name of ['workspace', 'temp', 'home']) mkdirSync(path(name), { mode: 0o700 });
  for (const name of ['output', 'state', 'env', 'path', 'step-summary', 'event.json'])
    writeFileSync(path(name), name === 'event.json' ? JSON.stringify(event) : '');
  for (const [name, content] of Object.entries(repository)) {
    mkdirSync(dirname(join(path('workspace'), name)), { recursive: true });
    writeFileSync(join(path('workspace'), name), content);
  }
  const read = (name: string): string => readFileSync(path(name), 'utf8');
  return {
    workspace: path('workspace'),
    temp: path('temp'),
    home: path('home'),
    variables: {
      GITHUB_OUTPUT: path('output'),
      GITHUB_STATE: path('state'),
      GITHUB_ENV: path('env'),
      GITHUB_PATH: path('path'),
      GITHUB_STEP_SUMMARY: path('step-summary'),
      GITHUB_EVENT_PATH: path('event.json'),
    },
    outputs: () => parseFileCommands(read('output')),
    state: () => parseFileCommands(read('state')),
    exported: () => parseFileCommands(read('env')),
    summary: () => read('step-summary'),
    leftovers: () => entriesBelow(path('temp')),
    repository: () => entriesBelow(path('workspace')),
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function entriesBelow(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length + 1);
      return entry.isDirectory()
        ? [`${name}/`, '']
        : [name, entry.isFile() ? readFileSync(path, 'latin1') : ''];
    }),
  );
}
