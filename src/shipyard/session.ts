import type { ShipyardCredentials } from '../inputs/request.ts';
import type { Http, HttpRequest, HttpResponse } from '../ports/http.ts';
import { refused, unexpected } from './answer-error.ts';
import { parseEngines } from './engine-json.ts';
import type { Engine, EngineList } from './engine.ts';
import { accessHeaders, logIn, logInReplaced, type Access, type Entry, type LoginOptions } from './login.ts';
import { withToken } from './lost-token.ts';
import { refuseLong } from './password-limit.ts';
import { notShipyard2 } from './product.ts';
import { send } from './request.ts';

/** A request to the API, as `request` sends it. */
export type ApiRequest = {
  readonly method: HttpRequest['method'];
  readonly path: string;
  /** Goes as JSON. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
};

/** An open session with a Shipyard 2 controller. */
export class ShipyardSession implements EngineList {
  readonly url: string;
  readonly #http: Http;
  readonly #credentials: ShipyardCredentials;
  readonly #options: LoginOptions;
  #access: Access;
  #isPublished: boolean;

  private constructor(
    http: Http,
    url: string,
    credentials: ShipyardCredentials,
    options: LoginOptions,
    { access, isPublished }: Entry,
  ) {
    this.url = url;
    this.#http = http;
    this.#credentials = credentials;
    this.#options = options;
    this.#access = access;
    this.#isPublished = isPublished;
  }

  /** Logs in, or takes the service key. Rejects with ActionError that names the input to mend. */
  static async open(
    http: Http,
    url: string,
    credentials: ShipyardCredentials,
    options: LoginOptions,
  ): Promise<ShipyardSession> {
    return new ShipyardSession(http, url, credentials, options, await logIn(http, url, credentials, options));
  }

  get access(): Access {
    return this.#access;
  }

  /** Whether it was let in with the password of the first start, which everybody knows. */
  get isPublished(): boolean {
    return this.#isPublished;
  }

  /** Logs in once more: logins of an account at the same moment lose tokens in the controller. */
  async renew(): Promise<void> {
    const options = { ...this.#options, triesPublished: this.#isPublished };
    const { access, isPublished } = await logIn(this.#http, this.url, this.#credentials, options);
    this.#access = access;
    this.#isPublished = isPublished;
  }

  /**
   * Gives the account its own password where it still has the published one, and says so at once. Rejects with ActionError
   * where that cannot be done, or the published one still works afterwards.
   */
  async replacePublished(onReplaced: () => void): Promise<void> {
    const account = this.#credentials;
    if (!this.#isPublished || account.kind !== 'password') return;
    refuseLong(account.password);
    const answer = await this.request({
      ...{ method: 'POST', path: '/account/changepassword' },
      body: { password: account.password.reveal() },
    });
    if (answer.status !== 200) throw unexpected(this.url, answer);
    this.#isPublished = false;
    onReplaced();
    this.#access = await logInReplaced(this.#http, this.url, account, this.#options);
  }

  async engines(): Promise<readonly Engine[]> {
    const response = await this.request({ method: 'GET', path: '/api/engines' });
    if (response.status === 200) return parseEngines(response.body);
    throw response.status === 404 ? await notShipyard2(this, response) : unexpected(this.url, response);
  }

  /**
   * Sends a request with what lets it in; one that was refused for a lost token goes once more, after another login.
   * Any status but a refusal is a value. Rejects with ActionError.
   */
  async request(request: ApiRequest): Promise<HttpResponse> {
    const response = await withToken(
      () => this.#send(request),
      ({ status }) => status === 401 && this.#access.kind === 'token',
      () => this.renew(),
    );
    if (response.status === 401 || response.status === 403) throw refused(this.#credentials, response);
    return response;
  }

  #send({ method, path, body, timeoutMs }: ApiRequest): Promise<HttpResponse> {
    return send(this.#http, {
      method,
      url: `${this.url}${path}`,
      headers: {
        ...accessHeaders(this.#access),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }
}
