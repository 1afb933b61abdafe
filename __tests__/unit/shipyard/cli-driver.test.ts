import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import { trustedCertificates } from '../../../src/authority/authority.ts';
import { ActionError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import { CliDriver } from '../../../src/shipyard/cli-driver.ts';
import type { NewEngine } from '../../../src/shipyard/engine.ts';
import type { Access } from '../../../src/shipyard/login.ts';
import { CONTAINER, FakeDocker, OWN_IMAGE, type Answers } from '../../support/fake-docker.ts';
import { clientFor, newAuthority } from '../../support/fakes.ts';
import { readCliRecording } from '../../support/shipyard-recording.ts';

const URL = 'http://127.0.0.1:8080';
const token: Access = { kind: 'token', username: 'admin', token: new Secret('$2a$10$token') };
let authority: Authority;
let engine: NewEngine;

beforeAll(async () => {
  authority = await newAuthority();
  engine = {
    name: 'node1',
    addr: 'https://10.0.0.11:2376',
    cpus: 0.5,
    memory: 2048,
    labels: ['node1', '--help me', 'a,b=c'],
    identity: await clientFor('node1', authority),
    trusted: trustedCertificates(authority),
  };
});

const removed = { stdout: 'removed node1\n' };
const create = ['create', '--network', 'host', '--label', 'shipyard-cluster=c0ffee', OWN_IMAGE, 'shipyard'];
const runs = (...command: readonly string[]) => [
  [...create, ...command],
  ['cp', '-', `${CONTAINER}:/`],
  ['start', CONTAINER],
  ['rm', '--force', CONTAINER],
];

describe('the command lines, word by word', () => {
  test('add', async () => {
    const { docker, driver } = set();
    await driver.add(engine);
    expect(docker.commands).toEqual(
      runs(
        'add-engine',
        ...['--id', 'node1', '--addr', 'https://10.0.0.11:2376', '--cpus', '0.5', '--memory', '2048'],
        ...['--label', 'node1', '--label', '--help me', '--label', 'a,b=c'],
        ...['--ssl-cert', '/root/engine/cert.pem', '--ssl-key', '/root/engine/key.pem'],
        ...['--ca-cert', '/root/engine/ca.pem'],
      ),
    );
  });

  test('remove', async () => {
    const { docker, driver } = set({ start: removed });
    await driver.remove('632f66ff');
    expect(docker.commands).toEqual(runs('remove-engine', '632f66ff'));
  });

  test('check', async () => {
    const { docker, driver } = set();
    await driver.check();
    expect(docker.commands).toEqual(runs('engines'));
  });

  test('with an image of the user, ours is not made', async () => {
    const { docker, driver } = set({}, { image: 'shipyard/shipyard-cli:latest' });
    docker.cliImage = () => Promise.reject(new Error('not needed'));
    await driver.check();
    expect(docker.commands[0]?.slice(5)).toEqual(['shipyard/shipyard-cli:latest', 'shipyard', 'engines']);
  });

  test('no secret is a word of any of them', async () => {
    const { docker, driver } = set();
    await driver.add(engine);
    const words = docker.commands.flat().join(' ');
    expect(words).not.toContain('$2a$10$token');
    expect(words).not.toContain('PRIVATE KEY');
  });
});

test('every command has a limit of its own, and says what it is for and with which image', async () => {
  const { docker, driver } = set();
  await driver.check();
  expect(docker.steps.filter(({ limitMs }) => limitMs > 0).map(({ what }) => what)).toEqual([
    `making a container of ${OWN_IMAGE}`,
    `copying into a container of ${OWN_IMAGE}`,
    `removing the container of ${OWN_IMAGE}`,
  ]);
});

test('a container that is not removed in time is named: the login lies in it', async () => {
  const { driver } = set({
    rm: new ActionError({ message: 'docker rm has not ended within 60 s', hint: '' }),
  });
  await expect(driver.check()).rejects.toMatchObject({
    message: expect.stringContaining('could not be removed: docker rm has not ended within 60 s'),
    hint: expect.stringContaining(`docker rm --force ${CONTAINER}`),
  });
});

describe('the container gets as an archive', () => {
  test('the login and the three files of the engine, private', async () => {
    const { docker, driver } = set();
    await driver.add(engine);
    const login = '{"url":"http://127.0.0.1:8080","username":"admin","token":"$2a$10$token"}';
    expect(docker.archives).toEqual([
      [
        { path: '/root/.shipyardrc', mode: 0o600, content: login },
        { path: '/root/engine/cert.pem', mode: 0o600, content: engine.identity.certificate.pem },
        { path: '/root/engine/key.pem', mode: 0o600, content: engine.identity.key.reveal() },
        { path: '/root/engine/ca.pem', mode: 0o600, content: authority.generations[0].certificate.pem },
      ],
    ]);
  });

  test('the login alone where no engine is added, with a service key instead of a token', async () => {
    const access: Access = { kind: 'service-key', key: new Secret('WSkOeB6Y') };
    const { docker, driver } = set({ start: removed }, { access });
    await driver.remove('632f66ff');
    const login = '{"url":"http://127.0.0.1:8080","service_key":"WSkOeB6Y"}';
    expect(docker.archives).toEqual([[{ path: '/root/.shipyardrc', mode: 0o600, content: login }]]);
  });
});

describe('add fails', () => {
  const said =
    'time="2026-11-22T07:38:30Z" level="fatal" msg="error adding engine: Get \\"https://10.0.0.11:2376/_ping\\": dial tcp: i/o timeout\\n" ';

  test.each([
    [
      'when the CLI says so, on stdout',
      { status: 1, stdout: said },
      'add-engine node1 failed: error adding engine: Get "https://10.0.0.11:2376/_ping": dial tcp: i/o timeout',
    ],
    [
      'when the CLI says anything at all, though it ends with 0',
      { status: 0, stdout: 'Incorrect Usage.\n\nNAME:\n' },
      'add-engine node1 failed: Incorrect Usage. | NAME:',
    ],
    ['when the CLI panics', { status: 2, stderr: 'panic: runtime error' }, 'failed: panic: runtime error'],
    ['when the CLI says nothing', { status: 1 }, 'add-engine node1 failed: exit status 1'],
  ])('%s', async (_, start, message) => {
    const { docker, driver } = set({ start });
    await expect(driver.add(engine)).rejects.toThrow(message);
    expect(docker.commands.at(-1)).toEqual(['rm', '--force', CONTAINER]);
  });
});

test.each(
  readCliRecording().flatMap(({ name, argv, exitCode, output }) =>
    argv[1] === 'add-engine' && output.kind === 'pipes'
      ? [[name, { status: exitCode, stdout: output.stdout, stderr: output.stderr }] as const]
      : [],
  ),
)('the recorded run %s of the real CLI succeeded only if it was silent', async (name, start) => {
  const added = set({ start }).driver.add(engine);
  if (start.stdout === '') await expect(added).resolves.toBeUndefined();
  else if (name.startsWith('flags'))
    await expect(added).rejects.toThrow(/failed: Incorrect Usage\. \| NAME:/);
  else
    await expect(added).rejects.toThrow(
      /^shipyard: add-engine node1 failed: (error|unable|you must)[^\\]+[^\s]$/,
    );
});

test('a blank line is silence', async () => {
  await expect(set({ start: { stdout: '\n' } }).driver.add(engine)).resolves.toBeUndefined();
});

describe('remove', () => {
  test('fails when the CLI does', async () => {
    const { driver } = set({ start: { status: 1, stdout: 'level="fatal" msg="unauthorized" ' } });
    await expect(driver.remove('632f66ff')).rejects.toThrow(
      'shipyard: remove-engine 632f66ff failed: unauthorized',
    );
  });

  test.each(
    readCliRecording().flatMap(({ name, argv, exitCode, output }) =>
      argv[1] === 'remove-engine' && output.kind === 'pipes'
        ? [[name, { status: exitCode, stdout: output.stdout, stderr: output.stderr }] as const]
        : [],
    ),
  )('the recorded run %s of the real CLI succeeded only if it named what it removed', async (_, start) => {
    const done = set({ start }).driver.remove('e55b66b2');
    if (start.stdout === 'removed node-2\n') await expect(done).resolves.toBeUndefined();
    else await expect(done).rejects.toThrow(/^shipyard: remove-engine e55b66b2 failed: /);
  });
});

describe('check', () => {
  test('takes the panic of an old CLI for an answer', async () => {
    await expect(set({ start: { status: 2, stderr: 'panic' } }).driver.check()).resolves.toBeUndefined();
  });

  test.each([
    [
      'Get http://127.0.0.1:8080/api/engines: dial tcp 127.0.0.1:8080: connection refused',
      'shares the network of the machine',
    ],
    ['unauthorized', 'run `shipyard engines` by hand'],
  ])('%s', async (msg, hint) => {
    const { driver } = set({ start: { status: 1, stdout: `level="fatal" msg="${msg}" ` } });
    await expect(driver.check()).rejects.toMatchObject({
      message: `shipyard: the CLI container cannot use ${URL}: ${msg}`,
      hint: expect.stringContaining(hint),
    });
  });
});

function set(answers: Answers = {}, { access = token, image }: { access?: Access; image?: string } = {}) {
  const docker = new FakeDocker(answers);
  const renew = () => Promise.resolve();
  return {
    docker,
    driver: new CliDriver(docker, { url: URL, access: () => access, renew, tag: 'c0ffee', image }),
  };
}
