import { expect, test } from '@jest/globals';
import { traceDocker, traceHttp, traceNetwork } from '../../../src/adapters/trace.ts';
import { Secret } from '../../../src/secret.ts';
import { parseKnownHosts } from '../../../src/ssh/known-hosts.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';

const SECRET = 'correct horse battery staple';
const credentials = {
  ...{ privateKeys: [new Secret(SECRET)], sudoPassword: new Secret(SECRET), passphrase: new Secret(SECRET) },
  ...{ knownHosts: parseKnownHosts('').knownHosts, jumps: [] },
};
const route = {
  ...{
    address: { user: 'root', host: '10.0.0.11', port: 22 },
    keys: { trusted: [], revoked: [] },
    jumps: [],
  },
};

test('the SSH conversation is told, and no content of a file', async () => {
  const lines: string[] = [];
  const host = new FakeHost(() => ({ status: 3, stdout: SECRET, stderr: 'no\n::error::such' }), connected);
  const fake = Object.assign(new FakeNetwork(() => ({ kind: 'refused', alert: 'x', served: undefined })), {
    ssh: () => Promise.resolve(host),
  });
  const network = traceNetwork(fake, (line) => lines.push(line));
  const traced = await network.ssh(route, credentials, 1000);
  expect(traced.isOpen).toBe(true);
  await traced.run({ text: 'echo one\necho two', asRoot: true, timeoutMs: 1 });
  await traced.upload('.upload', [{ name: 'key.pem', content: Buffer.from(SECRET) }], 1000);
  await traced.dial('127.0.0.1', 2376);
  traced.close();
  expect(host.isClosed).toBe(true);
  expect(traced.isOpen).toBe(false);
  const text = lines.join('\n').replace(/\d+ ms/g, 'N ms');
  expect(text).toBe(
    [
      'ssh root@10.0.0.11:22: login: N ms',
      'ssh root@10.0.0.11:22: sh: echo one | echo two',
      'ssh root@10.0.0.11:22: sh: N ms',
      'ssh root@10.0.0.11:22: sh: status 3, 28 characters: no | ::error::such',
      'ssh root@10.0.0.11:22: sftp: .upload: key.pem (28 bytes): N ms',
      'ssh root@10.0.0.11:22: forward to 127.0.0.1 port 2376: connected',
      'ssh root@10.0.0.11:22: closed',
    ].join('\n'),
  );
});

test('of HTTP the request line and the status are told: no header and no body', async () => {
  const lines: string[] = [];
  const http = traceHttp(
    { send: () => Promise.resolve({ status: 200, body: SECRET, headers: {} }) },
    (line) => lines.push(line),
  );
  const request = { method: 'POST', url: 'http://127.0.0.1:8080/auth/login' } as const;
  await http.send({ ...request, headers: { 'x-access-token': SECRET }, body: SECRET, timeoutMs: 1 });
  expect(lines.at(-1)).toBe('http POST http://127.0.0.1:8080/auth/login: 200, 28 characters');
  expect(lines.join()).not.toContain(SECRET);
});

test('of docker the words are told, and of what goes in or comes out only how much it is', async () => {
  const lines: string[] = [];
  const answers = { create: { stdout: 'c0ffee\n' }, start: { status: 1, stdout: SECRET, stderr: SECRET } };
  const docker = traceDocker(new FakeDocker(answers), (line) => lines.push(line));
  const step = { what: 'trying', limitMs: 1000 };
  await docker.run(['create', 'an-image', 'shipyard', 'engines\n::error::such'], step);
  const file = { path: '/key.pem', content: SECRET, mode: 0o600 };
  await docker.run(['cp', '-', 'c0ffee:/'], step, await docker.archive([file]));
  expect(await docker.start('c0ffee', 1000)).toMatchObject({ status: 1, stdout: SECRET });
  await docker.cliImage();
  expect(lines.map((line) => line.replace(/\d+ ms/g, 'N ms'))).toEqual([
    'docker create an-image shipyard engines | ::error::such: N ms',
    'docker create: status 0, 7 characters',
    expect.stringMatching(/^docker cp - c0ffee:\/ \(\d+ bytes\): N ms$/),
    'docker cp: status 0, 0 characters',
    'docker start c0ffee: N ms',
    'docker start: status 1, 56 characters',
    'docker: the image of the CLI: N ms',
  ]);
});
