import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { saveAuthority, type SavePorts } from '../../../src/apply/save-authority.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { ActionError } from '../../../src/errors.ts';
import type { AuthorityKeeper } from '../../../src/inputs/authority-request.ts';
import type { Command } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeClock, PhaseClock } from '../../support/fake-clock.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { fakeRun } from '../../support/fake-run.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW } from '../../support/fakes.ts';

const passphrase = new Secret('correct horse battery');
const token = new Secret('ghp_token');
const publicKey = { key_id: '012345678912345678', key: 'kLwYRbMIXOWGpBjWCUzPwrwO3Nr1XKqiJXyaGfsVlgE=' };
let authority: Authority;
let workflow: FakeWorkflow;
let written: [string, string][];

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
beforeEach(() => {
  workflow = new FakeWorkflow();
  written = [];
});

describe('output', () => {
  test('holds every generation, and the first line of the summary and a warning say that it is the only copy', async () => {
    expect(await save({ kind: 'output' })).toEqual({ goesOn: true });
    expect(restored(workflow.outputs.get('ca'))).toEqual(fingerprints(authority));
    expect(workflow.log).toEqual([expect.stringMatching(/^warning the only copy.*gh secret set CA/)]);
    expect(workflow.summaries[0]).toMatch(/^\*\*The only copy of the encrypted CA.*gh secret set CA/);
  });

  test('a summary that cannot be written loses nothing', async () => {
    workflow.summary = () => Promise.reject(new Error('disk full'));
    await save({ kind: 'output' });
    expect(workflow.outputs.has('ca')).toBe(true);
    expect(workflow.log).toContain('warning the job summary could not be written: disk full');
  });
});

describe('file', () => {
  const keeper = { kind: 'file', path: 'ca/bundle.txt' } as const;

  test('is written as one line, and the run ends there', async () => {
    expect(await save(keeper)).toEqual({ goesOn: false });
    const [[path, text] = ['', '']] = written;
    expect(path).toBe('ca/bundle.txt');
    expect(text).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(restored(text)).toEqual(fingerprints(authority));
    expect(workflow.outputs.has('ca')).toBe(false);
    expect(workflow.log).toEqual([expect.stringContaining('commit and push that file, and run again')]);
  });

  test('that cannot be written ends the run', async () => {
    const full = new ActionError({ message: 'the file cannot be written', hint: '' });
    await expect(save(keeper, { workspace: { writeFile: () => Promise.reject(full) } })).rejects.toBe(full);
  });
});

describe('secret', () => {
  const keeper: AuthorityKeeper = { kind: 'secret', token, place: { name: 'CA' } };

  test.each<[Command, boolean]>([
    ['apply', true],
    ['init-ca', false],
  ])('is written, and %s goes on: %s', async (command, goesOn) => {
    const http = new FakeHttp({ status: 200, body: JSON.stringify(publicKey) }, { status: 201, body: '' });
    expect(await save(keeper, { http }, command)).toEqual({ goesOn });
    expect(http.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://api.github.example/repos/team/cluster/actions/secrets/public-key',
      'PUT https://api.github.example/repos/team/cluster/actions/secrets/CA',
    ]);
    expect(workflow.outputs.has('ca')).toBe(false);
    expect(workflow.log.join()).not.toContain('ghp_token');
  });

  test.each([
    ['of the repository', {}, 'runs that were queued before'],
    ['of an environment', { environment: 'cluster' }, 'jobs that began before'],
  ])('%s is not seen by whoever has read it already', async (_, place, who) => {
    const http = new FakeHttp({ status: 200, body: JSON.stringify(publicKey) }, { status: 204, body: '' });
    await save({ kind: 'secret', token, place: { name: 'CA', ...place } }, { http });
    expect(workflow.log.join()).toContain(`${who} still get the old value`);
  });

  test('that GitHub keeps waiting for is a phase of its own, which shows that the run still goes on', async () => {
    const busy = { status: 429, body: '', headers: { 'retry-after': '60' } };
    const asked = { status: 200, body: JSON.stringify(publicKey) };
    const clock = new PhaseClock(NOW, workflow);
    await save(keeper, { clock, http: new FakeHttp(busy, asked, busy, { status: 204, body: '' }) });
    expect(clock.now().getTime() - NOW.getTime()).toBe(120_000);
    expect([...clock.waited]).toEqual(['Storing the CA']);
  });

  test('that is refused ends the run, and nothing is handed out: nothing uses the authority yet', async () => {
    const http = new FakeHttp({ status: 404, body: '{"message":"Not Found"}' });
    await expect(save(keeper, { http })).rejects.toThrow('was not written: GitHub answered 404 (Not Found)');
    expect([...workflow.outputs.keys()]).toEqual([]);
  });

  test('outside GitHub there is nowhere to keep one', async () => {
    const { url, event, isPublic, apiUrl, id, tag } = fakeRun;
    const run = { url, event, isPublic, apiUrl, id, tag, isCancelled: () => false };
    await expect(save(keeper, { run })).rejects.toThrow('there is no repository to keep a secret in');
  });
});

function save(saveCa: AuthorityKeeper, changed: Partial<SavePorts> = {}, command: Command = 'apply') {
  const ports: SavePorts = {
    workflow,
    workspace: {
      writeFile: (path, text) => {
        written.push([path, text]);
        return Promise.resolve();
      },
    },
    http: new FakeHttp(),
    clock: new FakeClock(NOW),
    run: fakeRun,
  };
  return saveAuthority(authority, { command, authority: { passphrase }, saveCa }, { ...ports, ...changed });
}

function restored(sealed = ''): readonly string[] {
  return fingerprints(restoreAuthority(new Secret(sealed), passphrase, NOW));
}

function fingerprints({ generations }: Authority): readonly string[] {
  return generations.map(({ certificate }) => certificate.fingerprint256);
}
