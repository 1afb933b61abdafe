import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { discardPrepared, prepareNode, readSums } from '../../../src/apply/prepare.ts';
import { readCertificate } from '../../../src/authority/certificate.ts';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { discard, prepare } from '../../../src/node/transaction.ts';
import { OVERTAKEN, undoScript } from '../../../src/node/undo-script.ts';
import type { NodeChange } from '../../../src/plan/node-plan.ts';
import type { RemoteFile } from '../../../src/ports/remote-host.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { connectionLost, FakeHost, type Answer } from '../../support/fake-host.ts';
import { newAuthority, nodeFacts, nodeSpec, NOW, policy, reachedNode, rollout } from '../../support/fakes.ts';

const spec = nodeSpec({ sans: ['node1.example.org'] });
const RUN_ID = 'https://github.example/runs/7 ab12';
const authority = await newAuthority();
const issue: NodeChange = {
  kind: 'change',
  reasons: ['missing'],
  restart: true,
  certificate: { kind: 'issue', authority, policy },
  files: { 'daemon.json': `{"tlskey":"${layout.current}/key.pem"}`, 'override.conf': 'override' },
  survival: { kind: 'none' },
  notes: [],
  validateOptions: ['--containerd=/run/c.sock'],
};
const keep: NodeChange = {
  ...issue,
  reasons: ['config-drift'],
  certificate: { kind: 'keep', authority, set: 'ab12', serial: 'ab12' },
  files: { 'daemon.json': '{}' },
  validateOptions: undefined,
};

describe('a new certificate', () => {
  test('is uploaded with its key, its CA and what else changes', async () => {
    const { files } = await prepared(issue);
    expect(Object.keys(files).sort()).toEqual([
      ...['ca.pem', 'cert.pem', 'daemon.json', 'key.pem', 'override.conf', 'undo.sh', 'validate.json'],
    ]);
    expect(files['ca.pem']).toBe(authority.generations[0].certificate.pem);
    expect(files['key.pem']).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(files).toMatchObject(issue.files);
    expect(files['undo.sh']).toBe(undoScript(systemd));
  });

  test('carries the names of the node, and names the set', async () => {
    const { files, result } = await prepared(issue);
    const certificate = readCertificate(files['cert.pem'] ?? '');
    expect(certificate).toMatchObject({
      subject: 'CN=node1',
      sans: { dns: ['node1.example.org'], ips: ['10.0.0.11'] },
    });
    const serial = certificate?.serial;
    expect(result).toMatchObject({
      expected: { kind: 'serves', authority, serial },
      transaction: { id: RUN_ID, set: serial, init: systemd },
    });
  });

  test('is validated where it will lie', async () => {
    const { files, result } = await prepared(issue);
    expect(files['validate.json']).toBe(
      `{"tlskey":"${layout.sets}/${result.transaction.set ?? ''}/key.pem"}`,
    );
  });
});

test('no key is uploaded where the installed certificate stays', async () => {
  const { files, result } = await prepared(keep);
  expect(Object.keys(files).sort()).toEqual(['daemon.json', 'undo.sh', 'validate.json']);
  expect(result).toMatchObject({ transaction: { set: 'ab12' }, expected: { serial: 'ab12' } });
});

test('the files that let containers survive go along', async () => {
  const { files } = await prepared({
    ...keep,
    survival: { kind: 'switch-on', survive: 'with it', release: 'without it', restart: 'for an undo' },
  });
  expect(files).toMatchObject({
    'survive.json': 'with it',
    'release.json': 'without it',
    'restart.json': 'for an undo',
  });
});

test('a file that does not change is validated as it is', async () => {
  const { files } = await prepared({ ...keep, files: {} }, undefined, '{"debug":true}');
  expect(Object.keys(files).sort()).toEqual(['undo.sh', 'validate.json']);
  expect(files['validate.json']).toBe('{"debug":true}');
});

test.each([
  ['none', undefined, keep],
  [
    'those of the service',
    ['--containerd=/run/c.sock'],
    { ...keep, validateOptions: ['--containerd=/run/c.sock'] },
  ],
])('the script gets the path that the upload came to, and options: %s', async (_, options, change) => {
  const { host } = await prepared(change);
  const [upload] = host.uploads;
  expect(upload?.directory).toMatch(/^\.shipyard-cluster-[0-9a-f]{16}$/);
  expect(upload?.timeoutMs).toBe(60_000);
  const transaction = { id: RUN_ID, set: 'ab12', init: systemd, restart: true };
  const directory = `/root/${upload?.directory ?? ''}`;
  const sums = sha256sums(upload?.files ?? []);
  const read = { 'daemon.json': '', 'default-docker': '', 'sysconfig-docker': '' };
  expect(host.scripts).toEqual([prepare(transaction, directory, sums, options, 60_000, read)]);
});

test.each([
  ['says why', { status: 1, stderr: 'unable to configure\nthe daemon' }, 'unable to configure | the daemon'],
  ['says nothing', { status: undefined, stderr: '' }, 'the script ended without a word'],
])('a node that %s does not take the change', async (_, answer, reason) => {
  await expect(prepared(issue, () => answer as never)).rejects.toMatchObject({
    name: 'ActionError',
    message: `the change could not be prepared: ${reason}`,
  });
});

test('what the change was merged from is told to the node, which refuses another text', async () => {
  const file = '/etc/docker/daemon.json';
  const facts = nodeFacts({ daemonConfig: '{"debug":true}\n', defaults: '\ufffd', sysconfig: undefined });
  const sum = execFileSync('sha256sum', { input: facts.daemonConfig ?? '', encoding: 'utf8' }).split(' ')[0];
  expect(readSums(facts)).toEqual({ 'daemon.json': sum, 'sysconfig-docker': '' });
  const overtaken = { status: OVERTAKEN, stderr: `${file}\n` };
  await expect(prepared(issue, () => overtaken)).rejects.toMatchObject({
    message: `changed by somebody else since it was read: ${file}`,
  });
});

describe('discarding what was prepared', () => {
  test('runs one script', async () => {
    const { host, result } = await prepared(keep);
    await discardPrepared(result, context());
    expect(host.scripts.slice(1)).toEqual([discard({ set: 'ab12' }, 60_000)]);
  });

  test('never rejects', async () => {
    const { result } = await prepared(keep, ({ text }) =>
      text === discard({ set: 'ab12' }, 0).text ? connectionLost() : {},
    );
    await expect(discardPrepared(result, context())).resolves.toBeUndefined();
  });
});

describe('other CAs beside the installed certificate', () => {
  test('are all that is uploaded, and the set takes a name of its own', async () => {
    const serial = 'ab12';
    const change: NodeChange = { ...keep, certificate: { kind: 'retrust', authority, serial } };
    const { files, result } = await prepared(change);
    expect(Object.keys(files).sort()).toEqual(['ca.pem', 'daemon.json', 'undo.sh', 'validate.json']);
    expect(result.transaction.set).toMatch(/^ab12-[0-9a-f]{8}$/);
    expect(result.expected).toEqual({ kind: 'serves', authority, serial });
  });
});

async function prepared(change: NodeChange, answer?: Answer, daemonConfig?: string) {
  const host = new FakeHost(answer);
  const result = await prepareNode(reachedNode(spec, { daemonConfig }, host), change, context());
  const files = host.uploads.flatMap((upload) => upload.files);
  return {
    host,
    result,
    files: Object.fromEntries(files.map(({ name, content }) => [name, content.toString()])),
  };
}

function context() {
  return { rollout, runId: RUN_ID, clock: new FakeClock(NOW) };
}

/** What sha256sum prints of the files, in the same order. */
function sha256sums(files: readonly RemoteFile[]): string {
  return files
    .map(({ name, content }) =>
      execFileSync('sha256sum', { input: content, encoding: 'utf8' }).replace('-', name),
    )
    .join('');
}
