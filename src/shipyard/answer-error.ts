import { ActionError } from '../errors.ts';
import type { ShipyardCredentials } from '../inputs/request.ts';
import type { HttpResponse } from '../ports/http.ts';
import { printable } from '../report/printable.ts';
import { bodyKind } from './body-kind.ts';

/** Whether an answer speaks of the credentials; a wrong password is a 500 in Shipyard 3. */
export function isRefusal({ status, body }: HttpResponse): boolean {
  return (
    status === 401 || status === 403 || (status === 500 && body.startsWith('invalid username or password'))
  );
}

/** A controller that lost its database refuses right credentials with the same words. */
export function refused(credentials: ShipyardCredentials, { status, body }: HttpResponse): ActionError {
  const input =
    credentials.kind === 'password' ? 'shipyard-username and shipyard-password' : 'shipyard-service-key';
  return new ActionError({
    message: `shipyard: the login was refused (${status}: ${printable(body, 80)})`,
    hint: `check ${input}; if they are right, the controller has lost its database: look at \`docker logs shipyard\` on the master`,
  });
}

/** Any answer that a Shipyard 2 does not give to this request. */
export function unexpected(url: string, answer: HttpResponse): ActionError {
  return new ActionError({
    message: `shipyard: ${url} answered ${answer.status}: ${saidBy(answer)}`,
    hint: 'check that shipyard-url is the controller of a Shipyard 2',
  });
}

/** Shipyard's own errors are plain text; anything else may be cut off from what holds keys or a token. */
export function saidBy({ status, body }: HttpResponse, limit = 80): string {
  return status >= 400 && !/^\s*[[{]/.test(body) ? printable(body, limit) || 'nothing' : bodyKind(body);
}
