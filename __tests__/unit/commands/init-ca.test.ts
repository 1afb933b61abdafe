import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { initCa } from '../../../src/commands/init-ca.ts';
import type { InitCaRequest } from '../../../src/inputs/request.ts';
import type { Run } from '../../../src/ports/run.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { FakeNetwork } from '../../support/fake-network.ts';
import { fakeRun } from '../../support/fake-run.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { newAuthority, NOW, policy, request } from '../../support/fakes.ts';

const passphrase = new Secret('correct horse battery');
let authority: Authority;
let bundle: Secret;
let workflow: FakeWorkflow;
let http: FakeHttp;

beforeAll(async () => {
  authority = await newAuthority();
  bundle = new Secret(await sealAuthority(authority, passphrase));
});
beforeEach(() => {
  workflow = new FakeWorkflow();
  http = new FakeHttp();
});

test('where there is a CA already, none is made and nothing is stored, though no node has a certificate of it', async () => {
  expect(await init()).toBe(true);
  expect(http.requests).toEqual([]);
  expect(workflow.outputs.get('ca-certificate')).toBe(authority.generations[0].certificate.pem);
  expect(workflow.outputs.has('ca')).toBe(false);
  expect(workflow.log.join()).toContain('there is a CA already: nothing was created');
});

describe('a scheduled run that leaves a renewal fewer days than GitHub leaves a schedule', () => {
  const scheduled = { event: 'schedule', isPublic: true };
  const hasty = { certificates: { ...policy, renewBefore: { days: 30 } } };

  test('says so in a public repository', async () => {
    await init(hasty, scheduled);
    expect(workflow.log).toContainEqual(
      expect.stringMatching(/^warning renew-before leaves 30 days .* public repository/),
    );
  });

  test.each([
    ['in a private repository', hasty, { ...scheduled, isPublic: false }],
    ['by hand', hasty, { ...scheduled, event: 'workflow_dispatch' }],
    ['with the default', {}, scheduled],
  ])('says nothing %s', async (_, fields, run) => {
    await init(fields, run);
    expect(workflow.log.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});

function init(fields: Partial<InitCaRequest> = {}, run: Partial<Run> = {}): Promise<boolean> {
  const asked: InitCaRequest = {
    ...request(),
    command: 'init-ca',
    authority: { kind: 'bundle', input: 'ca', bundle, passphrase },
    saveCa: { kind: 'secret', token: new Secret('token'), place: { name: 'CA' } },
    ...fields,
  };
  const ports = {
    inputs: { input: () => '', readFile: () => undefined },
    ...{ workflow, http, run: { ...fakeRun, ...run } },
    network: new FakeNetwork(() => ({ kind: 'failed', reason: 'no answer', served: undefined })),
    docker: new FakeDocker(),
    clock: new FakeClock(NOW),
    workspace: { writeFile: () => Promise.reject(new Error('no file in this test')) },
  };
  return initCa(ports, asked);
}
