import { DockerCli } from './adapters/docker-cli.ts';
import { fetchHttp } from './adapters/fetch-http.ts';
import { githubInputs } from './adapters/github-inputs.ts';
import { githubRun } from './adapters/github-run.ts';
import { debugTrace, githubWorkflow } from './adapters/github-workflow.ts';
import { githubWorkspace } from './adapters/github-workspace.ts';
import { recordBegin, recordEnd } from './adapters/main-step.ts';
import { withProgress } from './adapters/progress.ts';
import { systemClock } from './adapters/system-clock.ts';
import { systemNetwork } from './adapters/system-network.ts';
import { traceDocker, traceHttp, traceNetwork } from './adapters/trace.ts';
import { run } from './main.ts';
import { errorText } from './report/error-text.ts';

// Node ends when nothing is left to wait for, also in the middle of a promise: that must never look like success.
process.exitCode = 1;

const thisRun = githubRun();
const docker = new DockerCli();
recordBegin(githubWorkflow, thisRun.tag);

run({
  inputs: githubInputs,
  workflow: withProgress(githubWorkflow),
  network: debugTrace ? traceNetwork(systemNetwork, debugTrace) : systemNetwork,
  http: debugTrace ? traceHttp(fetchHttp, debugTrace) : fetchHttp,
  docker: debugTrace ? traceDocker(docker, debugTrace) : docker,
  clock: systemClock,
  run: thisRun,
  workspace: githubWorkspace,
})
  .then(
    (allWell) => {
      if (allWell) process.exitCode = 0;
    },
    (error: unknown) => githubWorkflow.error(errorText(error)),
  )
  .finally(() => recordEnd(githubWorkflow));
