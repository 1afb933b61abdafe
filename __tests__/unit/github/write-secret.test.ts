import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import type { SecretPlace } from '../../../src/github/secret-place.ts';
import { writeSecret } from '../../../src/github/write-secret.ts';
import type { Http } from '../../../src/ports/http.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startSecretsServer, type SecretsFault, type SecretsServer } from '../../support/github-secrets.ts';
import { NOW } from '../../support/fakes.ts';

const TOKEN = 'github_pat_11AAAA';
const repository = 'team/cluster';
const place: SecretPlace = { name: 'CA' };
let github: SecretsServer;
let clock: FakeClock;

beforeEach(async () => {
  github = await startSecretsServer(TOKEN);
  clock = new FakeClock(NOW);
});
afterEach(() => github.close());

describe('the owner of the key reads with libsodium what was written', () => {
  test('for a repository, when it is new and when it was there', async () => {
    await write('one line');
    await write('größer');
    expect([...github.secrets]).toEqual([['/team/cluster/actions/secrets/CA', 'größer']]);
    expect(github.requests).toEqual([
      'GET /api/v3/repos/team/cluster/actions/secrets/public-key',
      'PUT /api/v3/repos/team/cluster/actions/secrets/CA',
      'GET /api/v3/repos/team/cluster/actions/secrets/public-key',
      'PUT /api/v3/repos/team/cluster/actions/secrets/CA',
    ]);
  });

  test('for an environment, whatever its name', async () => {
    await write('value', { name: 'CLUSTER_CA', environment: 'prod/eu west' });
    expect([...github.secrets]).toEqual([
      ['/team/cluster/environments/prod%2Feu%20west/secrets/CLUSTER_CA', 'value'],
    ]);
  });
});

const limited = { message: 'You have exceeded a secondary rate limit.' };

describe('waits and tries again', () => {
  test.each<[string, SecretsFault, number]>([
    [
      'after a limit, as long as it says',
      { status: 403, body: limited, headers: { 'retry-after': '37' } },
      37,
    ],
    ['after 429 without a word', { status: 429 }, 60],
    ['after a secondary limit without a time', { status: 403, body: limited }, 60],
    [
      'until a limit that is used up is reset',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW.getTime() / 1000 + 12) },
      },
      12,
    ],
    ['after a fault of GitHub', { status: 502 }, 2],
    ['after a conflict', { status: 409, body: { message: 'Conflict' } }, 2],
  ])('%s', async (_, fault, seconds) => {
    for (const method of ['GET', 'PUT'] as const) {
      const begin = clock.now().getTime();
      // The reset is a point in time, so that only the first of the two has to wait for it.
      github.fail(method, fault);
      await write('value');
      if (method === 'GET') expect((clock.now().getTime() - begin) / 1000).toBe(seconds);
    }
    expect([...github.secrets.values()]).toEqual(['value']);
  });

  test('after no answer', async () => {
    github.fail('PUT', 'hang');
    await write('value', place, impatient);
    expect([...github.secrets.values()]).toEqual(['value']);
  });
});

describe('is refused in words of its own, and leaves what was there', () => {
  const conflict: SecretsFault = { status: 409, body: { message: 'Conflict' } };
  test.each<[string, SecretsFault[], string, string]>([
    [
      'a wrong token',
      [{ status: 401, body: { message: 'Bad credentials' } }],
      'GitHub answered 401 (Bad credentials)',
      'wrong, expired or revoked',
    ],
    [
      "the job's own token",
      [{ status: 403, body: { message: 'Resource not accessible by integration' } }],
      'GitHub answered 403 (Resource not accessible by integration)',
      'GITHUB_TOKEN can never write secrets, since `permissions` has no word for them: give github-token a fine-grained personal access token, or the token of a GitHub App, for team/cluster with the permission "Secrets: read and write"',
    ],
    [
      'a place that is not there',
      [{ status: 404, body: { message: 'Not Found' } }],
      'GitHub answered 404 (Not Found)',
      'GitHub says so as well to a token that may not see it',
    ],
    [
      'a conflict that stays',
      [conflict, conflict, conflict, conflict],
      'GitHub answered 409 (Conflict)',
      'one concurrency group',
    ],
    [
      'what GitHub does not take',
      [{ status: 422, body: { message: 'Secret value is too large' } }],
      'GitHub answered 422 (Secret value is too large)',
      'a secret holds 48 KB at most',
    ],
    [
      'a limit that lasts an hour',
      [{ status: 403, body: { message: 'API rate limit exceeded' }, headers: { 'retry-after': '3540' } }],
      'GitHub answered 403 (API rate limit exceeded)',
      'run again in 59 minute(s)',
    ],
    [
      'a fault that stays',
      [{ status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }],
      'GitHub answered 503',
      'githubstatus.com',
    ],
    ['a redirect', [{ status: 301 }], 'GitHub answered 301', 'GITHUB_API_URL'],
  ])('%s', async (_, faults, message, hint) => {
    await write('old');
    for (const method of ['GET', 'PUT'] as const) {
      github.fail(method, ...faults);
      await expect(write('new')).rejects.toMatchObject({
        name: 'ActionError',
        message: `save-ca: the secret CA of the repository team/cluster was not written: ${message}`,
        hint: expect.stringContaining(hint),
      });
      expect([...github.secrets.values()]).toEqual(['old']);
    }
  });

  test('for an environment the permission is another one', async () => {
    github.fail('GET', { status: 403, body: { message: 'Resource not accessible by integration' } });
    await expect(write('new', { name: 'CA', environment: 'prod' })).rejects.toMatchObject({
      message: expect.stringContaining(
        'the secret CA of the environment prod of team/cluster was not written',
      ),
      hint: expect.stringContaining('"Environments: read and write"'),
    });
  });

  test('a server that stays silent', async () => {
    github.fail('GET', 'hang', 'hang', 'hang', 'hang');
    await expect(write('new', place, impatient)).rejects.toThrow(
      `save-ca: no answer from ${github.url}: no answer within 0.2 s`,
    );
    expect(github.requests).toHaveLength(4);
  });

  test.each([
    ['another server', { status: 200, body: { hello: 'world' } }],
    ['a key of another kind', { status: 200, body: { key_id: '1', key: 'AAAA' } }],
  ])('%s', async (_, fault) => {
    github.fail('GET', fault);
    await expect(write('new')).rejects.toThrow(
      `save-ca: ${github.url} answered, but not with a public key for secrets`,
    );
  });

  test('more than a secret holds, before GitHub is asked', async () => {
    await expect(write('x'.repeat(48 * 1024 + 1))).rejects.toThrow(
      'it has 49153 bytes, and GitHub takes 49152',
    );
    expect(github.requests).toEqual([]);
  });
});

test('the token is in no error', async () => {
  github.fail('GET', { status: 401, body: { message: `bad` } });
  const error = await write('value').catch((thrown: unknown) => thrown);
  expect(JSON.stringify(error)).not.toContain(TOKEN);
});

const impatient: Http = { send: (request) => fetchHttp.send({ ...request, timeoutMs: 200 }) };

function write(value: string, where: SecretPlace = place, http: Http = fetchHttp): Promise<void> {
  return writeSecret({ http, clock, url: github.url, token: new Secret(TOKEN) }, repository, where, value);
}
