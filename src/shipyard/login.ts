import { ActionError } from '../errors.ts';
import type { ShipyardCredentials } from '../inputs/request.ts';
import type { Http, HttpResponse } from '../ports/http.ts';
import { Secret } from '../secret.ts';
import { isRefusal, refused, unexpected } from './answer-error.ts';
import { send } from './request.ts';
import { USER_AGENT } from './user-agent.ts';

/** What a request or the CLI shows to be let in. */
export type Access =
  | { readonly kind: 'token'; readonly username: string; readonly token: Secret }
  | { readonly kind: 'service-key'; readonly key: Secret };

export type Account = Extract<ShipyardCredentials, { kind: 'password' }>;

/** How to log in, and who gets to know of it. */
export type LoginOptions = {
  /** Ends a session that was opened under the same one; see `userAgentFor`. */
  readonly userAgent?: string;
  /** Gets the token of every login, before it is used. */
  readonly mask: (token: string) => void;
  /** Leave to use the password of the first start where the given one is refused. */
  readonly triesPublished?: boolean;
};

/** Let in, be it with the published password, since the account does not have the given one yet. */
export type Entry = { readonly access: Access; readonly isPublished: boolean };

/** The first start of a controller makes this account. */
const FIRST = { kind: 'password', username: 'admin', password: new Secret('shipyard') } as const;

/** Logs in, or takes the service key; it changes nothing. Rejects with ActionError that names the input to mend. */
export async function logIn(
  http: Http,
  url: string,
  credentials: ShipyardCredentials,
  options: LoginOptions,
): Promise<Entry> {
  if (credentials.kind === 'service-key') return { access: credentials, isPublished: false };
  const access = await enter(http, url, credentials, options);
  if ('kind' in access) return { access, isPublished: false };
  const mayBeFirst = credentials.username === FIRST.username && !isFirst(credentials);
  const first = mayBeFirst && options.triesPublished ? await enter(http, url, FIRST, options) : access;
  if (!('kind' in first)) throw refused(credentials, access);
  return { access: first, isPublished: true };
}

/** Logs in after the published password was replaced. Rejects with ActionError where that still works, or the new one does not. */
export async function logInReplaced(
  http: Http,
  url: string,
  account: Account,
  options: LoginOptions,
): Promise<Access> {
  if ('kind' in (await enter(http, url, FIRST, options))) throw stillFirst();
  const replaced = await enter(http, url, account, options);
  if (!('kind' in replaced)) throw refused(account, replaced);
  return replaced;
}

/** Whether these are the published credentials of the first start. */
export function isFirst(credentials: ShipyardCredentials): boolean {
  return (
    credentials.kind === 'password' &&
    credentials.username === FIRST.username &&
    credentials.password.reveal() === FIRST.password.reveal()
  );
}

/** The header by which a request is let in. */
export function accessHeaders(access: Access): Readonly<Record<string, string>> {
  return access.kind === 'token'
    ? { 'x-access-token': `${access.username}:${access.token.reveal()}` }
    : { 'x-service-key': access.key.reveal() };
}

/** Resolves to the answer where the password is refused. */
async function enter(
  http: Http,
  url: string,
  { username, password }: Account,
  { userAgent = USER_AGENT, mask }: LoginOptions,
): Promise<Access | HttpResponse> {
  const response = await send(http, {
    method: 'POST',
    url: `${url}/auth/login`,
    headers: { 'content-type': 'application/json', 'user-agent': userAgent },
    body: JSON.stringify({ username, password: password.reveal() }),
  });
  if (isRefusal(response)) return response;
  const token = response.status === 200 ? readToken(response.body) : undefined;
  if (token === undefined) throw unexpected(url, response);
  mask(token.reveal());
  return { kind: 'token', username, token };
}

function readToken(body: string): Secret | undefined {
  try {
    const answer = JSON.parse(body) as { readonly auth_token?: unknown } | null;
    return typeof answer?.auth_token === 'string' ? new Secret(answer.auth_token) : undefined;
  } catch {
    return undefined;
  }
}

function stillFirst(): ActionError {
  return new ActionError({
    message: 'shipyard: the password of admin was changed, but the published one still works',
    hint: 'change it by hand with `shipyard change-password`, and look at who else changes it',
  });
}
