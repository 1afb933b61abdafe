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

/** How to log in, and what the one who opens a session gets to know of it. */
export type LoginOptions = {
  /** Ends a session that was opened under the same one; see `userAgentFor`. */
  readonly userAgent?: string;
  /** Gets the token of every login, before it is used. */
  readonly mask: (token: string) => void;
  /** Consent to replace the published password of the account by the given one; told when that was done. */
  readonly onReplaced?: () => void;
  /** Without that consent: leave to read with the published password; told when that was done. */
  readonly onPublished?: () => void;
};

/** The first start of a controller makes this account. */
const FIRST = { kind: 'password', username: 'admin', password: new Secret('shipyard') } as const;

/** bcrypt looks at no more: what comes after would be decoration. */
const PASSWORD_LIMIT = 72;

/**
 * Logs in, or takes the service key. Where the account still has the password of the first start, and there is consent,
 * it gets the given one first; one who may only read is let in with the former. Rejects with ActionError that names the
 * input to mend.
 */
export async function logIn(
  http: Http,
  url: string,
  credentials: ShipyardCredentials,
  { userAgent = USER_AGENT, mask, onReplaced, onPublished }: LoginOptions,
): Promise<Access> {
  if (credentials.kind === 'service-key') return credentials;
  const enter = async (account: Account): Promise<Access | HttpResponse> => {
    const access = await tryPassword(http, url, account, userAgent);
    if ('kind' in access && access.kind === 'token') mask(access.token.reveal());
    return access;
  };
  const access = await enter(credentials);
  if ('kind' in access) return access;
  const mayBeFirst = credentials.username === FIRST.username && !isFirst(credentials);
  const first = mayBeFirst && (onReplaced ?? onPublished) ? await enter(FIRST) : access;
  if (!('kind' in first)) throw refused(credentials, access);
  if (!onReplaced) {
    onPublished?.();
    return first;
  }
  await replacePassword(http, url, first, credentials.password);
  if ('kind' in (await enter(FIRST))) throw stillFirst();
  const replaced = await enter(credentials);
  if (!('kind' in replaced)) throw refused(credentials, replaced);
  onReplaced();
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
async function tryPassword(
  http: Http,
  url: string,
  account: Account,
  userAgent: string,
): Promise<Access | HttpResponse> {
  const { username, password } = account;
  const response = await send(http, {
    method: 'POST',
    url: `${url}/auth/login`,
    headers: { 'content-type': 'application/json', 'user-agent': userAgent },
    body: JSON.stringify({ username, password: password.reveal() }),
  });
  if (isRefusal(response)) return response;
  const token = response.status === 200 ? readToken(response.body) : undefined;
  if (token === undefined) throw unexpected(url, response);
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

async function replacePassword(http: Http, url: string, access: Access, password: Secret): Promise<void> {
  if (Buffer.byteLength(password.reveal()) > PASSWORD_LIMIT)
    throw new ActionError({
      message: `shipyard-password: has more than ${PASSWORD_LIMIT} bytes, and the account still has the published password`,
      hint: `Shipyard looks at the first ${PASSWORD_LIMIT} bytes only: store a shorter password`,
    });
  const response = await send(http, {
    method: 'POST',
    url: `${url}/account/changepassword`,
    headers: { ...accessHeaders(access), 'content-type': 'application/json' },
    body: JSON.stringify({ password: password.reveal() }),
  });
  if (response.status !== 200) throw unexpected(url, response);
}

function stillFirst(): ActionError {
  return new ActionError({
    message: 'shipyard: the password of admin was changed, but the published one still works',
    hint: 'change it by hand with `shipyard change-password`, and look at who else changes it',
  });
}
