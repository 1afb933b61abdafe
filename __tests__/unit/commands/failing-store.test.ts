import { beforeAll, describe, expect, test } from '@jest/globals';
import { dropRetired } from '../../../src/apply/drop-retired.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { apply } from '../../../src/commands/apply.ts';
import { rotateCa } from '../../../src/commands/rotate-ca.ts';
import { ActionError, NoAnswerError } from '../../../src/errors.ts';
import type { AuthorityKeeper } from '../../../src/inputs/authority-request.ts';
import type { ApplyRequest } from '../../../src/inputs/request.ts';
import { Stages } from '../../../src/plan/stages.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { CommandStage } from '../../support/command-stage.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import * as fakes from '../../support/fakes.ts';
import { convergedFacts } from '../plan/converged.ts';

const spec = fakes.nodeSpec();
const passphrase = new Secret('correct horse battery staple');
let authority: Authority;
let server: Identity;
let sealed: Secret;

beforeAll(async () => {
  authority = await fakes.newAuthority();
  server = await fakes.serverFor(spec, authority);
  sealed = new Secret(await sealAuthority(authority, passphrase));
});

type Store = {
  readonly name: string;
  readonly saveCa: AuthorityKeeper;
  readonly ports: Partial<Ports>;
  readonly message: string;
  readonly hint: string;
};

const full = new ActionError({ message: 'the file ca.txt cannot be written: ENOSPC', hint: 'give the path' });
const saveCa = { kind: 'secret', token: new Secret('ghs_token'), place: { name: 'CA' } } as const;
const gitHub = (status: number, hint: string): Store => ({
  name: `GitHub answers ${status} to the secret`,
  saveCa,
  ports: { http: new FakeHttp({ status, body: '{"message":"No"}' }) },
  message: `the secret CA of the repository team/cluster was not written: GitHub answered ${status} (No)`,
  hint,
});
const stores: readonly Store[] = [
  gitHub(401, 'wrong, expired or revoked'),
  gitHub(403, 'give github-token a fine-grained personal access token'),
  gitHub(404, 'GitHub says so as well to a token that may not see it'),
  gitHub(409, 'one concurrency group'),
  gitHub(422, 'a secret holds 48 KB at most'),
  gitHub(429, 'more requests than GitHub allows'),
  gitHub(503, 'githubstatus.com'),
  {
    name: 'GitHub does not answer in time',
    saveCa,
    ports: { http: new FakeHttp(new NoAnswerError(30_000)) },
    message: 'save-ca: no answer from https://api.github.example: no answer within 30 s',
    hint: 'check that the runner reaches the API of your GitHub',
  },
  {
    name: 'the file cannot be written',
    saveCa: { kind: 'file', path: 'ca.txt' },
    ports: { workspace: { writeFile: () => Promise.reject(full) } },
    message: 'the file ca.txt cannot be written: ENOSPC',
    hint: 'give the path',
  },
];

describe.each(stores)('where $name', ({ saveCa, ports, message, hint }) => {
  const refusal = {
    name: 'ActionError',
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  };
  const asked = (fields: Partial<ApplyRequest>) => fakes.request({ nodes: [spec], saveCa, ...fields });

  test('apply makes no CA that anybody uses: no node is touched, and nothing is handed out', async () => {
    const stage = new CommandStage({}, ports);
    const create = asked({ authority: { kind: 'create', passphrase } });
    await expect(apply(stage.ports, create)).rejects.toMatchObject(refusal);
    expectNothing(stage);
  });

  test('an imported CA is not used either', async () => {
    const stage = new CommandStage({}, ports);
    const [{ certificate }] = authority.generations;
    const [, key = ''] = Buffer.from(sealed.reveal(), 'base64').toString().split(certificate.pem);
    const imported = asked({
      authority: { kind: 'import', certificate: certificate.pem, key: new Secret(key), passphrase },
    });
    await expect(apply(stage.ports, imported)).rejects.toMatchObject(refusal);
    expectNothing(stage);
  });

  test('rotate-ca adds no generation: nodes trust what they did, and the former bundle is the CA', async () => {
    const facts = convergedFacts(spec, fakes.installedSet(server, authority));
    const stage = new CommandStage({ facts, served: server.certificate }, ports);
    const bundle = { kind: 'bundle', input: 'ca', bundle: sealed, passphrase } as const;
    const rotate = asked({ command: 'rotate-ca', authority: bundle });
    await expect(rotateCa(stage.ports, rotate)).rejects.toMatchObject(refusal);
    expect(stage.workflow.log.join()).toContain('generation 2 of the CA was made');
    expectNothing(stage);
  });

  test('the end of a rotation drops nothing: the run is red, and the bundle of both is still good', async () => {
    const stage = new CommandStage({}, ports);
    const rotated = await addGeneration(authority, { algorithm: 'ecdsa-p256', days: 3650, now: fakes.NOW });
    const stages = new Stages(rotated, { kind: 'none' }, { compromised: false }, stage.ports.clock);
    const arrived = [fakes.reachedNode(spec, {}, stage.host)];
    expect(await dropRetired(arrived, stages, asked({}), stage.ports)).toBe(false);
    expect(stage.workflow.log.at(-1)).toMatch(/^error /);
    expect(stage.workflow.log.at(-1)).toContain(message);
    expect(stage.workflow.log.at(-1)).toContain(`hint: `);
    expect(stage.workflow.log.at(-1)).toContain(hint);
    expectNothing(stage);
  });
});

function expectNothing({ touches, workflow }: CommandStage): void {
  expect(touches).toEqual([]);
  expect([...workflow.outputs.keys()]).toEqual([]);
}
