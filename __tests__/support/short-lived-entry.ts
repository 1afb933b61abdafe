import { DockerCli } from '../../src/adapters/docker-cli.ts';
import { fetchHttp } from '../../src/adapters/fetch-http.ts';
import { githubInputs } from '../../src/adapters/github-inputs.ts';
import { githubRun } from '../../src/adapters/github-run.ts';
import { githubWorkflow } from '../../src/adapters/github-workflow.ts';
import { githubWorkspace } from '../../src/adapters/github-workspace.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { systemNetwork } from '../../src/adapters/system-network.ts';
import { apply } from '../../src/commands/apply.ts';
import { readInputs } from '../../src/inputs/read-inputs.ts';
import { errorText } from '../../src/report/error-text.ts';
import { LIFETIME_SECONDS } from './short-lived.ts';

// The action as src/index.ts wires it, but for one thing: its certificates live for minutes, which no input can ask for.
process.exitCode = 1;

const run = githubRun();
const request = readInputs(githubInputs, run.event);
if (request.command !== 'apply') throw new Error(`only apply is short-lived, not ${request.command}`);
const certificates = { ...request.certificates, certDays: LIFETIME_SECONDS / (24 * 60 * 60) };

apply(
  {
    inputs: githubInputs,
    workflow: githubWorkflow,
    network: systemNetwork,
    http: fetchHttp,
    docker: new DockerCli(),
    clock: systemClock,
    run,
    workspace: githubWorkspace,
  },
  { ...request, certificates },
).then(
  (allWell) => {
    if (allWell) process.exitCode = 0;
  },
  (error: unknown) => githubWorkflow.error(errorText(error)),
);
