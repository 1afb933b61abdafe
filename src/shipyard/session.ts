import { ActionError } from '../errors.ts';
import type { ShipyardCredentials } from '../inputs/request.ts';
import type { Http, HttpResponse } from '../ports/http.ts';
import { printable } from '../report/printable.ts';
import { Secret } from '../secret.ts';
import { bodyKind } from './body-kind.ts';
import { parseEngines } from './engine-json.ts';
import type { Engine, EngineList } from './engine.ts';

/**
 * Shipyard keeps one token for each account and User-Agent, so that a login under a User-Agent ends the session of
 * the last one; with one of our own we never end the session of a person or of the original CLI.
 */
const USER_AGENT = 'shipyard-cluster';
const TIMEOUT_MS = 30_000;

/** What a request or the CLI shows to be let in. */
export type Access =
  | { readonly kind: 'token'; readonly username: string; readonly token: Secret }
  | { readonly kind: 'service-key'; readonly key: Secret };

/** An open session with a Shipyard 2 controller. */
export class ShipyardSession implements EngineList {
  readonly url: string;
  readonly #http: Http;
  readonly #credentials: ShipyardCredentials;
  readonly #login: () => Promise<Access>;
  #access: Access;

  private constructor(
    http: Http,
    url: string,
    credentials: ShipyardCredentials,
    login: () => Promise<Access>,
    access: Access,
  ) {
    this.url = url;
    this.#http = http;
    this.#credentials = credentials;
    this.#login = login;
    this.#access = access;
  }

  /**
   * Logs in, or takes the service key. `mask` gets the token of this and of every later login, before it is used.
   * Rejects with ActionError that names the input to mend.
   */
  static async open(
    http: Http,
    url: string,
    credentials: ShipyardCredentials,
    mask: (token: string) => void,
  ): Promise<ShipyardSession> {
    const login = async (): Promise<Access> => {
      const access = await enter(http, url, credentials);
      if (access.kind === 'token') mask(access.token.reveal());
      return access;
    };
    return new ShipyardSession(http, url, credentials, login, await login());
  }

  get access(): Access {
    return this.#access;
  }

  async engines(): Promise<readonly Engine[]> {
    let response = await this.#get('/api/engines');
    if (response.status === 401 && this.#access.kind === 'token') {
      // Logins at the same moment lose tokens in the controller; a second one settles it.
      this.#access = await this.#login();
      response = await this.#get('/api/engines');
    }
    if (response.status === 200) return parseEngines(response.body);
    throw response.status === 401 || response.status === 403
      ? refused(this.#credentials, response)
      : unexpected(this.url, response);
  }

  #get(path: string): Promise<HttpResponse> {
    return send(this.#http, {
      method: 'GET',
      url: `${this.url}${path}`,
      headers: accessHeaders(this.#access),
    });
  }
}

async function enter(http: Http, url: string, credentials: ShipyardCredentials): Promise<Access> {
  if (credentials.kind === 'service-key') return credentials;
  const { username, password } = credentials;
  const response = await send(http, {
    method: 'POST',
    url: `${url}/auth/login`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: password.reveal() }),
  });
  if (response.status === 401 || response.status === 403) throw refused(credentials, response);
  const token = response.status === 200 ? readToken(response.body) : undefined;
  if (token === undefined) throw unexpected(url, response);
  return { kind: 'token', username, token };
}

function accessHeaders(access: Access): Record<string, string> {
  return access.kind === 'token'
    ? { 'x-access-token': `${access.username}:${access.token.reveal()}` }
    : { 'x-service-key': access.key.reveal() };
}

async function send(
  http: Http,
  request: { method: 'GET' | 'POST'; url: string; headers: Record<string, string>; body?: string },
): Promise<HttpResponse> {
  const headers = { ...request.headers, 'user-agent': USER_AGENT };
  try {
    return await http.send({ ...request, headers, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    const { origin } = new URL(request.url);
    throw new ActionError({
      message: `shipyard: no answer from ${origin}: ${printable(error instanceof Error ? error.message : String(error))}`,
      hint: 'check that the controller runs and that shipyard-url is right; with shipyard-master it is as seen from the master',
      cause: error,
    });
  }
}

function readToken(body: string): Secret | undefined {
  try {
    const answer = JSON.parse(body) as { readonly auth_token?: unknown } | null;
    return typeof answer?.auth_token === 'string' ? new Secret(answer.auth_token) : undefined;
  } catch {
    return undefined;
  }
}

/** A controller that lost its database refuses right credentials with the same words. */
function refused(credentials: ShipyardCredentials, { status, body }: HttpResponse): ActionError {
  const input =
    credentials.kind === 'password' ? 'shipyard-username and shipyard-password' : 'shipyard-service-key';
  return new ActionError({
    message: `shipyard: the login was refused (${status}: ${printable(body, 80)})`,
    hint: `check ${input}; if they are right, the controller has lost its database: look at \`docker logs shipyard\` on the master`,
  });
}

/** Shipyard's own errors are plain text; anything else may be cut off from what holds keys or a token. */
function unexpected(url: string, { status, body }: HttpResponse): ActionError {
  const said = status >= 400 && !/^\s*[[{]/.test(body) ? printable(body, 80) : bodyKind(body);
  return new ActionError({
    message: `shipyard: ${url} answered ${status}: ${said}`,
    hint: 'check that shipyard-url is the controller of a Shipyard 2',
  });
}
