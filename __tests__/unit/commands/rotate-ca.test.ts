import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newestAlone, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { rotateCa } from '../../../src/commands/rotate-ca.ts';
import type { ShipyardTarget } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { CommandStage, MASTER } from '../../support/command-stage.ts';
import { FakeController } from '../../support/fake-controller.ts';
import * as fakes from '../../support/fakes.ts';
import { importedAuthority } from '../../support/imported-authority.ts';
import { convergedFacts } from '../plan/converged.ts';

const spec = fakes.nodeSpec({ cpus: 2, memory: 2048 });
const passphrase = new Secret('correct horse battery staple');
const target: ShipyardTarget = {
  url: 'http://127.0.0.1:8080',
  credentials: { kind: 'password', username: 'admin', password: new Secret('a new one') },
  mode: 'api',
};
const deployment = { kind: 'images', controller: 'shipyard:2.0.10', database: 'rethinkdb:1.16' } as const;
let rotated: Authority;
let newest: Authority;
let controller: FakeController;

beforeAll(async () => {
  const old = await fakes.newAuthority();
  rotated = await addGeneration(old, { algorithm: 'ecdsa-p256', days: 3650, now: fakes.NOW });
  newest = newestAlone(rotated);
});
beforeEach(() => {
  controller = new FakeController();
});

test('where it goes on as apply does, it replaces the published password before it writes to Shipyard', async () => {
  const { isWell, log } = await rotate(rotated, target);
  expect(isWell).toBe(true);
  expect(controller.writes).toEqual(['POST /account/changepassword', 'POST /api/engines']);
  expect(controller.password).toBe('a new one');
  expect(log.join('\n')).toContain('still had the published password');
});

test('so it does with an empty master, on which it starts Shipyard', async () => {
  controller.isRunning = false;
  const { isWell } = await rotate(rotated, { ...target, master: MASTER, deployment });
  expect(isWell).toBe(true);
  expect(controller.password).toBe('a new one');
});

test('where somebody has to keep the new CA first, it changes nothing, and tells of the published password', async () => {
  const { isWell, log, outputs } = await rotate(newest, target);
  expect(isWell).toBe(true);
  expect(outputs.has('ca')).toBe(true);
  expect(controller.writes).toEqual([]);
  expect(log.join('\n')).toContain('still has the published password');
});

test('an imported CA gets its first generation of ours, and stays in the bundle until the rotation is over', async () => {
  const imported = await importedAuthority(fakes.NOW);
  const { isWell, log, outputs } = await rotate(imported, target, imported);
  expect(isWell).toBe(true);
  expect(log.join('\n')).toContain('generation 1 of the CA was made');
  const kept = restoreAuthority(new Secret(outputs.get('ca') ?? ''), passphrase, fakes.NOW);
  expect(kept.generations.map(({ number }) => number)).toEqual([1, 0]);
  expect(kept.generations[1]?.certificate.keyId).toBe(imported.generations[0].certificate.keyId);
  // Given again, it is the same rotation.
  const again = await rotate(kept, target, imported);
  expect(again.log.join('\n')).toContain('no generation is added to the CA');
});

/** The node serves and trusts one generation alone: the newest of the others unless another is given. */
async function rotate(authority: Authority, shipyard: ShipyardTarget, end = newest) {
  const server = await fakes.serverFor(spec, end);
  const found = {
    ...{ facts: convergedFacts(spec, fakes.installedSet(server, end)), served: server.certificate },
    authority: { generations: end.generations },
    master: () => {
      controller.isRunning = true;
      return {};
    },
  };
  const { ports, workflow } = new CommandStage(found, { http: controller });
  const bundle = new Secret(await sealAuthority(authority, passphrase));
  const asked = fakes.request({
    ...{ command: 'rotate-ca', nodes: [spec], shipyard },
    authority: { kind: 'bundle', input: 'ca', bundle, passphrase },
  });
  return { isWell: await rotateCa(ports, asked), log: workflow.log, outputs: workflow.outputs };
}
