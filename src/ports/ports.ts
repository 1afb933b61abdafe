import type { Clock } from './clock.ts';
import type { Docker } from './docker.ts';
import type { Http } from './http.ts';
import type { InputSource } from './input-source.ts';
import type { Network } from './network.ts';
import type { Run } from './run.ts';
import type { Workflow } from './workflow.ts';
import type { Workspace } from './workspace.ts';

/** Everything outside the process that the action reads or changes. */
export type Ports = {
  readonly inputs: InputSource;
  readonly workflow: Workflow;
  readonly network: Network;
  readonly http: Http;
  readonly docker: Docker;
  readonly clock: Clock;
  readonly run: Run;
  readonly workspace: Workspace;
};
