import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { apply } from '../../../src/commands/apply.ts';
import { plan } from '../../../src/commands/plan.ts';
import type { ApplyRequest, ShipyardTarget } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { CommandStage, MASTER } from '../../support/command-stage.ts';
import { FakeController } from '../../support/fake-controller.ts';
import * as fakes from '../../support/fakes.ts';
import { convergedFacts } from '../plan/converged.ts';

const size = { cpus: 2, memory: 2048 };
const spec = fakes.nodeSpec(size);
const passphrase = new Secret('correct horse battery staple');
const target: ShipyardTarget = {
  url: 'http://127.0.0.1:8080',
  credentials: { kind: 'password', username: 'admin', password: new Secret('a new one') },
  mode: 'api',
};
const deployed: ShipyardTarget = {
  ...target,
  master: MASTER,
  deployment: { kind: 'images', controller: 'shipyard:2.0.10', database: 'rethinkdb:1.16' },
};
let authority: Authority;
let server: Identity;
let sealed: Secret;
let controller: FakeController;

beforeAll(async () => {
  authority = await fakes.newAuthority(fakes.daysFrom(fakes.NOW, -10));
  server = await fakes.serverFor(spec, authority);
  sealed = new Secret(await sealAuthority(authority, passphrase));
});
beforeEach(() => {
  controller = new FakeController({ password: 'a new one' });
});

describe('until the digest was compared nothing is changed', () => {
  test('not even a published password, which goes once the digest is right', async () => {
    controller.password = 'shipyard';
    const { digest, outputs } = await planned();
    expect(outputs.get('plan')).toContain('"steps":["replace-password"]');
    await expect(applied({ planDigest: '0'.repeat(64) })).rejects.toThrow(
      /the digest is [0-9a-f]{64} now; nothing was changed; due now: node1, Shipyard: replace-password$/,
    );
    expect(controller.writes).toEqual([]);
    const { isWell, log } = await applied({ planDigest: digest });
    expect(isWell).toBe(true);
    expect(controller.password).toBe('a new one');
    expect(controller.writes).toEqual(['POST /account/changepassword', 'POST /api/engines']);
    expect(log.join('\n')).toContain('still had the published password');
  });

  test('not even an empty master, on which Shipyard is started once the digest is right', async () => {
    controller = new FakeController({ isRunning: false });
    const { digest, outputs } = await planned({ shipyard: deployed });
    expect(outputs.get('plan')).toContain('"steps":["start-shipyard"]');
    const wrong = { shipyard: deployed, planDigest: '0'.repeat(64) };
    await expect(applied(wrong)).rejects.toThrow('due now: node1, Shipyard: start-shipyard');
    expect(controller.isRunning).toBe(false);
    expect((await applied({ shipyard: deployed, planDigest: digest })).isWell).toBe(true);
    expect(controller.writes).toEqual(['POST /account/changepassword', 'POST /api/engines']);
  });
});

test('a Shipyard that was only stopped lists what nobody saw: it is started, and nothing else is done', async () => {
  const { certificate, key } = await fakes.clientFor('node1', authority);
  const engine = { id: 'node1', addr: 'https://10.0.0.11:2376', labels: ['node1'], ...size };
  const kept = { ssl_cert: certificate.pem, ssl_key: key.reveal(), ca_cert: trusted(), engine };
  controller = new FakeController({
    ...{ isRunning: false, password: 'a new one' },
    rows: [{ id: 'kept', ...kept }],
  });
  const { digest } = await planned({ shipyard: deployed });
  await expect(applied({ shipyard: deployed, planDigest: digest })).rejects.toThrow(
    'now; start-shipyard was done, and nothing else; there is nothing to do any more',
  );
  expect(controller.writes).toEqual([]);
});

test('one that cannot be started ends the run', async () => {
  controller = new FakeController({ isRunning: false });
  const { digest } = await planned({ shipyard: deployed });
  const unstartable = () => ({ status: 1, stderr: 'no such image' });
  const failing = applied({ shipyard: deployed, planDigest: digest }, unstartable);
  await expect(failing).rejects.toThrow('Shipyard could not be started on the master: no such image');
});

test('an engine that nobody saw in the plan is not pruned', async () => {
  const { digest } = await planned({ prune: true });
  const { certificate, key } = await fakes.clientFor('gone', authority);
  const engine = { id: 'gone', addr: 'https://10.0.0.99:2376' };
  const row = { id: 'gone', ssl_cert: certificate.pem, ssl_key: key.reveal(), ca_cert: trusted(), engine };
  controller.rows = [row];
  await expect(applied({ prune: true, planDigest: digest })).rejects.toThrow(
    'Shipyard: prune gone https://10.0.0.99:2376',
  );
  expect(controller.writes).toEqual([]);
  const { digest: seen } = await planned({ prune: true });
  expect((await applied({ prune: true, planDigest: seen })).isWell).toBe(true);
  expect(controller.writes).toEqual(['POST /api/engines', 'DELETE /api/engines/gone']);
});

test('a CA that the run would make has no plan', async () => {
  const { keyId } = authority.generations[0].certificate;
  const make = { authority: { kind: 'create', passphrase } } as const;
  for (const fields of [make, { replaceCa: [keyId] }]) {
    const asked = applied({ ...fields, planDigest: '0'.repeat(64) });
    await expect(asked).rejects.toThrow('plan-digest: is of a plan that was made for a CA');
  }
  await expect(planned({ replaceCa: [keyId] })).rejects.toThrow('holds the CA that replace-ca names');
});

test('a plan with a stale CA is refused as apply would, unless its successor is given up', async () => {
  const newer = await fakes.newAuthority();
  const { keyId } = newer.generations[0].certificate;
  const facts = convergedFacts(spec, fakes.installedSet(await fakes.serverFor(spec, newer), newer));
  await expect(planned({}, { facts })).rejects.toThrow('newer than the given one');
  const { outputs } = await planned({ replaceCa: [keyId] }, { facts });
  expect(outputs.get('plan')).toContain('"reasons":["wrong-issuer"');
});

function trusted(): string {
  return trustedCertificates(authority)
    .map(({ pem }) => pem)
    .join('');
}

function found() {
  return {
    ...{ facts: convergedFacts(spec, fakes.installedSet(server, authority)), authority },
    served: server.certificate,
  };
}

async function planned(fields: Partial<ApplyRequest> = {}, seen: Partial<ReturnType<typeof found>> = {}) {
  const { ports, workflow } = new CommandStage({ ...found(), ...seen }, { http: controller });
  const [{ certificate }] = authority.generations;
  await plan(ports, {
    ...fakes.request({ nodes: [spec], shipyard: target, ...fields }),
    ...{ command: 'plan', authority: { input: 'ca-certificate', text: certificate.pem } },
  });
  return { digest: workflow.outputs.get('plan-digest') ?? '', outputs: workflow.outputs };
}

/** Starting Shipyard is the one script that does more than read here. */
async function applied(
  fields: Partial<ApplyRequest>,
  start: () => { readonly status: number; readonly stderr?: string } = () => {
    controller.isRunning = true;
    return { status: 0 };
  },
) {
  const { ports, workflow } = new CommandStage({ ...found(), master: start }, { http: controller });
  const bundle = { kind: 'bundle', input: 'ca', bundle: sealed, passphrase } as const;
  const asked = fakes.request({ nodes: [spec], shipyard: target, authority: bundle, ...fields });
  const isWell = await apply(ports, asked);
  return { isWell, log: workflow.log };
}
