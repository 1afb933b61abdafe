import { ActionError, messageOf } from '../errors.ts';
import type { Http, HttpRequest, HttpResponse } from '../ports/http.ts';
import { printable } from '../report/printable.ts';
import { USER_AGENT } from './user-agent.ts';

/** The controller has no limit of its own, and reads of the list do not wait for engines. */
export const READ_LIMIT_MS = 30_000;

type ShipyardRequest = Omit<HttpRequest, 'timeoutMs'> & { readonly timeoutMs?: number };

/** Sends one request under our User-Agent, unless it has another, and within a limit. Rejects with ActionError when no answer came. */
export async function send(http: Http, request: ShipyardRequest): Promise<HttpResponse> {
  const headers = { 'user-agent': USER_AGENT, ...request.headers };
  try {
    return await http.send({ ...request, headers, timeoutMs: request.timeoutMs ?? READ_LIMIT_MS });
  } catch (error) {
    const { origin } = new URL(request.url);
    throw new ActionError({
      message: `shipyard: no answer from ${origin}: ${printable(messageOf(error))}`,
      hint: 'check that the controller runs and that shipyard-url is right; with shipyard-master it is as seen from the master',
      cause: error,
    });
  }
}
