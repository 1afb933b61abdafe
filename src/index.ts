import { DockerCli } from './adapters/docker-cli.ts';
import { fetchHttp } from './adapters/fetch-http.ts';
import { githubInputs } from './adapters/github-inputs.ts';
import { githubWorkflow } from './adapters/github-workflow.ts';
import { systemClock } from './adapters/system-clock.ts';
import { systemNetwork } from './adapters/system-network.ts';
import { run } from './main.ts';
import { errorText } from './report/error-text.ts';

run({
  inputs: githubInputs,
  workflow: githubWorkflow,
  network: systemNetwork,
  http: fetchHttp,
  docker: new DockerCli(),
  clock: systemClock,
}).then(
  (allWell) => {
    process.exitCode = allWell ? 0 : 1;
  },
  (error: unknown) => {
    githubWorkflow.error(errorText(error));
    process.exitCode = 1;
  },
);
