import { DockerCli } from './adapters/docker-cli.ts';
import { githubWorkflow } from './adapters/github-workflow.ts';
import { recordedMainStep } from './adapters/main-step.ts';
import { systemClock } from './adapters/system-clock.ts';
import { cleanUp } from './commands/clean-up.ts';
import { errorText } from './report/error-text.ts';

cleanUp({ docker: new DockerCli(), clock: systemClock, workflow: githubWorkflow }, recordedMainStep()).catch(
  (error: unknown) => githubWorkflow.warning(errorText(error)),
);
