import { arch, homedir } from 'node:os';
import { join } from 'node:path';
import type { RunnerFiles } from './runner-files.ts';

/** What a step of a JavaScript action finds in its environment; nothing else of this process's reaches it. */
export function runnerEnvironment(
  inputs: Readonly<Record<string, string>>,
  files: RunnerFiles,
  own: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  return {
    ...inherited('PATH', 'DOCKER_HOST', 'DOCKER_CONTEXT'),
    // The home is empty, and the docker client keeps there which engine is in use.
    DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'),
    HOME: files.home,
    LANG: 'C.UTF-8',
    CI: 'true',
    ...runner(files),
    ...github(files),
    ...own,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value])),
  };
}

/** What the post step finds of GITHUB_STATE. */
export function stateEnvironment(state: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}

/** Blanks become underscores, and hyphens stay. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function runner(files: RunnerFiles): NodeJS.ProcessEnv {
  return {
    RUNNER_TEMP: files.temp,
    RUNNER_TOOL_CACHE: files.home,
    RUNNER_WORKSPACE: files.workspace,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: arch() === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_NAME: 'lab',
    RUNNER_ENVIRONMENT: 'self-hosted',
  };
}

function github(files: RunnerFiles): NodeJS.ProcessEnv {
  return {
    ...files.variables,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'lab',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: '',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: '',
    GITHUB_JOB: 'lab',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'lab/cluster',
    GITHUB_REPOSITORY_OWNER: 'lab',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_WORKFLOW: 'lab',
    GITHUB_WORKSPACE: files.workspace,
  };
}

function inherited(...names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
