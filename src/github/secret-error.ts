import { ActionError } from '../errors.ts';
import type { HttpResponse } from '../ports/http.ts';
import { printable } from '../report/printable.ts';
import { rateLimitSeconds } from './rate-limit.ts';
import { permissionFor, placeText, type SecretPlace } from './secret-place.ts';

/** What an answer of GitHub that is no success means, and what to do: nothing was stored. */
export function refusedSecret(
  repository: string,
  place: SecretPlace,
  answer: HttpResponse,
  now: Date,
): ActionError {
  const { status } = answer;
  const said = messageOf(answer.body);
  const limited = rateLimitSeconds(answer, now);
  return new ActionError({
    message: `save-ca: ${placeText(repository, place)} was not written: GitHub answered ${status}${said === '' ? '' : ` (${said})`}`,
    hint: limited === undefined ? hintFor(status, repository, place) : limitHint(limited),
  });
}

function hintFor(status: number, repository: string, place: SecretPlace): string {
  const { name, environment } = place;
  const permission = permissionFor(place);
  switch (status) {
    case 401:
      return 'the token of github-token is wrong, expired or revoked: make a new one and store it as the secret that github-token reads';
    case 403:
      return `the job's own GITHUB_TOKEN can never write secrets, since \`permissions\` has no word for them: give github-token a fine-grained personal access token, or the token of a GitHub App, for ${repository} with the permission "${permission}"`;
    case 404:
      return `GitHub says so as well to a token that may not see it: check that ${environment === undefined ? repository : `the environment ${environment} of ${repository}`} exists, and that the token is for this repository and has the permission "${permission}" (a classic token: the scope repo)`;
    case 409:
      return 'somebody else writes secrets there at the same moment: run again, and give workflows that do so one concurrency group';
    case 422:
      return `GitHub does not take the name or the value: check ca-secret-name (${name}); a secret holds 48 KB at most`;
    default:
      return status >= 500
        ? 'GitHub has a fault of its own: look at githubstatus.com, and run again'
        : 'check that GITHUB_API_URL is the API of your GitHub; it is the runner that sets it';
  }
}

function limitHint(seconds: number): string {
  return `the token has made more requests than GitHub allows: run again in ${Math.ceil(seconds / 60)} minute(s)`;
}

/** An error of GitHub is JSON with a message for people. */
function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' ? printable(message, 200) : '';
  } catch {
    return '';
  }
}
