import { beforeAll, describe, expect, test } from '@jest/globals';
import { prepareNode } from '../../../src/apply/prepare.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { readCertificate } from '../../../src/authority/certificate.ts';
import { layout } from '../../../src/node/layout.ts';
import { prepare } from '../../../src/node/transaction.ts';
import type { NodeChange } from '../../../src/plan/node-plan.ts';
import { FakeHost, type Answer } from '../../support/fake-host.ts';
import { newAuthority, nodeSpec, NOW, policy, reachedNode } from '../../support/fakes.ts';

const spec = nodeSpec({ sans: ['node1.example.org'] });
const issue: NodeChange = {
  kind: 'change',
  reasons: ['missing'],
  certificate: { kind: 'issue' },
  daemonConfig: `{"tlskey":"${layout.current}/key.pem"}`,
  override: 'override',
  validateOptions: ['--containerd=/run/c.sock'],
};
const keep: NodeChange = {
  ...issue,
  reasons: ['config-drift'],
  certificate: { kind: 'keep', set: 'ab12', serial: 'ab12' },
  override: undefined,
  validateOptions: undefined,
};
let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
});

describe('a new certificate', () => {
  test('is uploaded with its key, its CA and what else changes', async () => {
    const { files } = await prepared(issue);
    expect(Object.keys(files).sort()).toEqual([
      ...['ca.pem', 'cert.pem', 'daemon.json', 'key.pem', 'override.conf', 'validate.json'],
    ]);
    expect(files['ca.pem']).toBe(authority.generations[0].certificate.pem);
    expect(files['key.pem']).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect([files['daemon.json'], files['override.conf']]).toEqual([issue.daemonConfig, 'override']);
  });

  test('carries the names of the node, and names the set', async () => {
    const { files, result } = await prepared(issue);
    const certificate = readCertificate(files['cert.pem'] ?? '');
    expect(certificate).toMatchObject({
      subject: 'CN=node1',
      sans: { dns: ['node1.example.org'], ips: ['10.0.0.11'] },
    });
    expect(result).toMatchObject({ set: certificate?.serial, serial: certificate?.serial });
  });

  test('is validated where it will lie', async () => {
    const { files, result } = await prepared(issue);
    expect(files['validate.json']).toBe(`{"tlskey":"${layout.sets}/${result.set}/key.pem"}`);
  });
});

test('no key is uploaded where the installed certificate stays', async () => {
  const { files, result } = await prepared(keep);
  expect(Object.keys(files).sort()).toEqual(['daemon.json', 'validate.json']);
  expect(result).toMatchObject({ set: 'ab12', serial: 'ab12' });
});

test('the script gets the path that the upload came to', async () => {
  const { host } = await prepared(keep);
  const [upload] = host.uploads;
  expect(host.scripts).toEqual([prepare(`/root/${upload?.directory ?? ''}`, 'ab12', undefined)]);
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

async function prepared(change: NodeChange, answer?: Answer) {
  const host = new FakeHost(answer);
  const result = await prepareNode(reachedNode(spec, {}, host), change, authority, policy, NOW);
  const files = host.uploads.flatMap((upload) => upload.files);
  return {
    host,
    result,
    files: Object.fromEntries(files.map(({ name, content }) => [name, content.toString()])),
  };
}
