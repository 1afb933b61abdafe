import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DockerCli } from '../../../src/adapters/docker-cli.ts';

const before = { ...process.env };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'docker-cli-'));
  process.env['PATH'] = `${directory}${delimiter}${before['PATH'] ?? ''}`;
});

afterEach(() => {
  process.env = { ...before };
  rmSync(directory, { recursive: true });
});

test('every word reaches docker as it is, and standard input byte for byte', async () => {
  docker('for word; do echo "<$word>"; done; echo "$input"; echo oops >&2; exit 7');
  const words = ['create', '--label', 'a b', '$HOME "x" \'y\' *', ''];
  expect(await new DockerCli().run(words, Buffer.from('größe\n'))).toEqual({
    status: 7,
    stdout: '<create>\n<--label>\n<a b>\n<$HOME "x" \'y\' *>\n<>\ngröße\n',
    stderr: 'oops\n',
  });
});

test('no input is an empty one: docker does not wait for ours', async () => {
  docker('echo "$input"end');
  expect(await new DockerCli().run(['info'])).toMatchObject({ stdout: 'end\n' });
});

test('docker sees no input of the action', async () => {
  Object.assign(process.env, {
    'INPUT_CA-PASSPHRASE': 'secret',
    GITHUB_TOKEN: 'secret',
    DOCKER_HOST: 'tcp://x',
  });
  docker('/usr/bin/env');
  const { stdout } = await new DockerCli().run(['info']);
  expect(stdout).toContain('DOCKER_HOST=tcp://x\n');
  expect(stdout).not.toContain('secret');
});

test('nothing of a command is printed', async () => {
  docker('echo "a line of docker"');
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await new DockerCli().run(['cp', '-', 'container:/'], Buffer.from('x'));
  expect(write.mock.calls).toEqual([]);
  write.mockRestore();
});

test('a container is started and waited for', async () => {
  docker('echo "$*"; exit 3');
  expect(await new DockerCli().start('c0ffee', 5000)).toEqual({
    status: 3,
    stdout: 'start --attach c0ffee\n',
    stderr: '',
  });
});

test('a container that gives no answer in time is killed', async () => {
  const killed = join(directory, 'killed');
  docker(
    `case "$1" in start) while [ ! -e ${killed} ]; do sleep 0.02; done;; kill) echo "$2" >${killed};; esac`,
  );
  await expect(new DockerCli().start('c0ffee', 50)).rejects.toMatchObject({
    name: 'ActionError',
    message: 'shipyard: the CLI container gave no answer within 0.05 s',
  });
});

test('a runner without docker is told', async () => {
  process.env['PATH'] = directory;
  await expect(new DockerCli().run(['info'])).rejects.toMatchObject({
    name: 'ActionError',
    message: 'shipyard: there is no docker command on this runner',
  });
});

/** Puts a docker of our own on PATH; it reads all of its standard input first. */
function docker(script: string): void {
  const file = join(directory, 'docker');
  writeFileSync(file, `#!/bin/sh\ninput=$(cat)\n${script}\n`);
  chmodSync(file, 0o755);
}
