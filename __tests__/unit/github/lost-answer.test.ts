import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { writeSecret } from '../../../src/github/write-secret.ts';
import type { Http } from '../../../src/ports/http.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { newAuthority, NOW } from '../../support/fakes.ts';
import { startSecretsServer, type SecretsServer } from '../../support/github-secrets.ts';

const TOKEN = 'github_pat_11AAAA';
const impatient: Http = { send: (request) => fetchHttp.send({ ...request, timeoutMs: 2000 }) };
let github: SecretsServer;

beforeEach(async () => {
  github = await startSecretsServer(TOKEN);
});
afterEach(() => github.close());

const passphrase = new Secret('correct horse battery staple');
const faults = [
  ['never comes', 'lost'],
  ['is cut off', 'cut'],
] as const;

test.each(faults)('the answer to a write %s: the same is written once more', async (_, fault) => {
  const authority = await newAuthority();
  await write('what was there');
  github.fail('PUT', fault);
  await write(await sealAuthority(authority, passphrase));
  expect(github.written).toEqual([201, 204, 204]);
  expect(stored().generations[0].certificate.pem).toBe(authority.generations[0].certificate.pem);
});

test.each(faults)(
  'the answer to a write %s each time: the run is told so, and the secret is whole',
  async (_, fault) => {
    const policy = { algorithm: 'ecdsa-p256', days: 3650, now: NOW } as const;
    const rotated = await addGeneration(await newAuthority(), policy);
    github.fail('PUT', fault, fault, fault, fault);
    const writing = write(await sealAuthority(rotated, passphrase));
    await expect(writing).rejects.toThrow(`save-ca: no answer from ${github.url}: `);
    expect(github.written).toEqual([201, 204, 204, 204]);
    expect(stored().generations.map(({ number }) => number)).toEqual([2, 1]);
  },
);

/** What the next run restores. */
function stored(): Authority {
  return restoreAuthority(new Secret([...github.secrets.values()].join()), passphrase, NOW);
}

function write(value: string): Promise<void> {
  const api = { http: impatient, clock: new FakeClock(NOW), url: github.url, token: new Secret(TOKEN) };
  return writeSecret(api, 'team/cluster', { name: 'CA' }, value);
}
