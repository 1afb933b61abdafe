import { ActionError, NoAnswerError } from '../errors.ts';
import type { ShipyardDeployment } from '../inputs/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Http } from '../ports/http.ts';
import type { RemoteHost } from '../ports/remote-host.ts';
import type { Workflow } from '../ports/workflow.ts';
import { printable } from '../report/printable.ts';
import { deployScript, names } from '../shipyard/deploy-script.ts';

/** A first start makes a database; the controller tries again until that is there. */
const LIMIT_MS = 180_000;
const PAUSE_MS = 1000;
const PING_MS = 10_000;

type DeployPorts = { readonly http: Http; readonly clock: Clock; readonly workflow: Workflow };

/**
 * Starts Shipyard on the master where nothing answers, and waits until it does. `url` is the controller's as this machine
 * sees it, `listen` where it is to listen on the master. Resolves to whether it was started; rejects with ActionError.
 */
export async function deployShipyard(
  { http, clock, workflow }: DeployPorts,
  host: RemoteHost,
  deployment: ShipyardDeployment,
  url: string,
  listen: string,
): Promise<boolean> {
  if (await answers(http, url)) return false;
  workflow.info(`nothing answers on the master at ${listen}: starting Shipyard there`);
  const { status, stderr } = await host.run(deployScript(deployment, listen));
  if (status !== 0)
    throw new ActionError({
      message: `shipyard: Shipyard could not be started on the master: ${printable(stderr) || 'the script ended without a word'}`,
      hint: 'the master needs Docker and the images: name ones that it can pull, or load them there with `docker load`',
    });
  const start = clock.now().getTime();
  while (!(await answers(http, url))) {
    if (clock.now().getTime() - start > LIMIT_MS)
      throw new ActionError({
        message: `shipyard: Shipyard was started on the master, but does not answer at ${listen} after ${LIMIT_MS / 1000} s`,
        hint: `look at \`docker logs ${names.controller}\` and \`docker logs ${names.database}\` on the master`,
      });
    await clock.sleep(PAUSE_MS);
  }
  return true;
}

/** Whether anything answers there. Its page needs no login; what takes its time is there all the same: a second one must not be started. */
export async function answers(http: Http, url: string): Promise<boolean> {
  try {
    await http.send({ method: 'GET', url: `${url}/`, headers: {}, timeoutMs: PING_MS });
    return true;
  } catch (error) {
    return error instanceof NoAnswerError;
  }
}
