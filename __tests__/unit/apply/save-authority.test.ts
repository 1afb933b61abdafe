import { beforeAll, expect, test } from '@jest/globals';
import { saveAuthority } from '../../../src/apply/save-authority.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW } from '../../support/fakes.ts';

const passphrase = new Secret('correct horse');
let authority: Authority;

beforeAll(async () => {
  const made = await Promise.all(
    ['new', 'old'].map((organization) =>
      createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now: NOW, organization }),
    ),
  );
  const [newest, older] = made.flatMap(({ generations }) => generations);
  if (!newest || !older) throw new Error('there are two');
  authority = { generations: [newest, older] };
});

test('the output holds every generation, and apply goes on with it', async () => {
  const workflow = new FakeWorkflow();
  const request = { command: 'apply', authority: { passphrase }, saveCa: { kind: 'output' } } as const;
  expect(await saveAuthority(authority, request, { workflow })).toEqual({ goesOn: true });
  const sealed = new Secret(workflow.outputs.get('ca') ?? '');
  const fingerprints = ({ generations }: Authority) =>
    generations.map(({ certificate }) => certificate.fingerprint256);
  expect(fingerprints(restoreAuthority(sealed, passphrase, NOW))).toEqual(fingerprints(authority));
  expect(workflow.log).toEqual([expect.stringMatching(/^warning the only copy/)]);
});
