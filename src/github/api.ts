import { ActionError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Http, HttpRequest, HttpResponse } from '../ports/http.ts';
import { printable } from '../report/printable.ts';
import type { Secret } from '../secret.ts';
import { rateLimitSeconds } from './rate-limit.ts';

/** GitHub's REST API, as one token sees it. */
export type GitHubApi = {
  readonly http: Http;
  readonly clock: Clock;
  /** Such as `https://api.github.com`; an Enterprise Server has it below `/api/v3`. */
  readonly url: string;
  readonly token: Secret;
};

export type ApiCall = { readonly method: 'GET' | 'PUT'; readonly path: string; readonly body?: string };

const TIMEOUT_MS = 30_000;
const TRIES = 4;
/** Longer than this nobody waits in the middle of a run. */
const LONGEST_WAIT_S = 90;

/**
 * Sends a request that may be sent twice without harm, again and again while GitHub asks for patience: after a limit
 * (as long as it says), a fault of its own, a conflict, or no answer. Resolves to the last answer; rejects with
 * ActionError when none came.
 */
export async function callGitHub(api: GitHubApi, call: ApiCall): Promise<HttpResponse> {
  for (let tries = 1; ; tries += 1) {
    const answer = await attempt(api, call);
    const waitSeconds = patience(answer, tries, api.clock.now());
    if (waitSeconds === undefined || tries === TRIES || waitSeconds > LONGEST_WAIT_S) {
      if (answer instanceof Error) throw unanswered(api.url, answer);
      return answer;
    }
    await api.clock.sleep(waitSeconds * 1000);
  }
}

async function attempt(
  { http, url, token }: GitHubApi,
  { method, path, body }: ApiCall,
): Promise<HttpResponse | Error> {
  const request: HttpRequest = {
    method,
    url: `${url}${path}`,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token.reveal()}`,
      'user-agent': 'shipyard-cluster',
      'x-github-api-version': '2022-11-28',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
    timeoutMs: TIMEOUT_MS,
  };
  try {
    return await http.send(request);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** How many seconds to wait before the next try; undefined where another one would end alike. */
function patience(answer: HttpResponse | Error, tries: number, now: Date): number | undefined {
  if (answer instanceof Error) return 2 ** tries;
  const { status } = answer;
  if (status >= 500 || status === 409) return 2 ** tries;
  return rateLimitSeconds(answer, now);
}

function unanswered(url: string, error: Error): ActionError {
  return new ActionError({
    message: `save-ca: no answer from ${url}: ${printable(error.message)}`,
    hint: 'check that the runner reaches the API of your GitHub, and run again',
    cause: error,
  });
}
