import { ActionError } from '../errors.ts';
import type { HttpResponse } from '../ports/http.ts';
import { callGitHub, type GitHubApi } from './api.ts';
import { refusedSecret } from './secret-error.ts';
import { placeText, secretsPath, type SecretPlace } from './secret-place.ts';
import { isPublicKey, sealFor } from './sealed-box.ts';

/** GitHub's own limit for one secret. */
const LIMIT_BYTES = 48 * 1024;

/**
 * Creates or replaces a secret in one write, encrypted for GitHub. Resolves once GitHub has it; rejects with ActionError
 * otherwise. After an answer that got lost it may be there all the same, whole.
 */
export async function writeSecret(
  api: GitHubApi,
  repository: string,
  place: SecretPlace,
  value: string,
): Promise<void> {
  if (Buffer.byteLength(value) > LIMIT_BYTES) throw tooLong(repository, place, Buffer.byteLength(value));
  const path = secretsPath(repository, place);
  const asked = await callGitHub(api, { method: 'GET', path: `${path}/public-key` });
  if (asked.status !== 200) throw refusedSecret(repository, place, asked, api.clock.now());
  const { id, key } = publicKeyOf(api.url, asked);
  const body = JSON.stringify({ encrypted_value: await sealFor(key, value), key_id: id });
  const written = await callGitHub(api, {
    method: 'PUT',
    path: `${path}/${encodeURIComponent(place.name)}`,
    body,
  });
  // 201 is a new secret, 204 one that was there.
  if (written.status !== 201 && written.status !== 204)
    throw refusedSecret(repository, place, written, api.clock.now());
}

function publicKeyOf(url: string, { body }: HttpResponse): { readonly id: string; readonly key: string } {
  try {
    const { key_id: id, key } = JSON.parse(body) as { readonly key_id?: unknown; readonly key?: unknown };
    if (typeof id === 'string' && typeof key === 'string' && isPublicKey(key)) return { id, key };
  } catch {
    // What is no JSON is no answer of GitHub, like all else that has no key in it.
  }
  throw new ActionError({
    message: `save-ca: ${url} answered, but not with a public key for secrets`,
    hint: 'check that GITHUB_API_URL is the API of your GitHub, and that no proxy answers in its place',
  });
}

function tooLong(repository: string, place: SecretPlace, bytes: number): ActionError {
  return new ActionError({
    message: `save-ca: ${placeText(repository, place)} cannot hold the authority: it has ${bytes} bytes, and GitHub takes ${LIMIT_BYTES}`,
    hint: 'the generations that are no longer trusted have to go first: run apply for all nodes',
  });
}
