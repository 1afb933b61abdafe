import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { DockerCli } from '../../../src/adapters/docker-cli.ts';
import { StubDocker } from './stub-docker.ts';

const stub = StubDocker.use();
const docker = (script: string): void => stub.docker(script);
const anyDocker = (script: string): void => stub.anyDocker(script);
const step = { what: 'testing', limitMs: 20_000 };

test('every word reaches docker as it is, and standard input byte for byte', async () => {
  docker('for word; do echo "<$word>"; done; echo "$input"; echo oops >&2; exit 7');
  const words = ['create', '--label', 'a b', '$HOME "x" \'y\' *', ''];
  expect(await new DockerCli().run(words, step, Buffer.from('größe\n'))).toEqual({
    status: 7,
    stdout: '<create>\n<--label>\n<a b>\n<$HOME "x" \'y\' *>\n<>\ngröße\n',
    stderr: 'oops\n',
  });
});

test('no input is an empty one: docker does not wait for ours', async () => {
  docker('echo "$input"end');
  expect(await new DockerCli().run(['info'], step)).toMatchObject({ stdout: 'end\n' });
});

test('docker sees no input of the action', async () => {
  Object.assign(process.env, {
    'INPUT_CA-PASSPHRASE': 'secret',
    GITHUB_TOKEN: 'secret',
    DOCKER_HOST: 'tcp://x',
  });
  docker('/usr/bin/env');
  const { stdout } = await new DockerCli().run(['info'], step);
  expect(stdout).toContain('DOCKER_HOST=tcp://x\n');
  expect(stdout).not.toContain('secret');
});

test('nothing of a command is printed', async () => {
  docker('echo "a line of docker"');
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await new DockerCli().run(['cp', '-', 'container:/'], step, Buffer.from('x'));
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

test('a container that cannot be started leaves no timer behind', async () => {
  docker('');
  const cli = new DockerCli();
  await cli.run(['info'], step);
  process.env['PATH'] = '';
  const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  const others = timers();
  await expect(cli.start('c0ffee', 60_000)).rejects.toThrow('there is no docker command on this runner');
  expect(timers()).toBe(others);
});

test('a docker that ends before it has read its input is a result', async () => {
  anyDocker('[ "$1" != version ] || exit 0\necho "no space left on device" >&2; exit 1');
  expect(await new DockerCli().run(['import', '-', 'x'], step, Buffer.alloc(20_000_000))).toEqual({
    status: 1,
    stdout: '',
    stderr: 'no space left on device\n',
  });
});

test('a docker that lies in a directory with a blank', async () => {
  docker('echo ok');
  const blank = join(stub.directory, 'my tools');
  mkdirSync(blank);
  renameSync(join(stub.directory, 'docker'), join(blank, 'docker'));
  process.env['PATH'] = `${blank}${delimiter}${stub.path}`;
  expect(await new DockerCli().run(['info'], step)).toMatchObject({ status: 0, stdout: 'ok\n' });
});

describe('the daemon is asked once, before anything else:', () => {
  test('one that answers is asked no more', async () => {
    const calls = join(stub.directory, 'calls');
    anyDocker(`echo "$1" >>${calls}`);
    const cli = new DockerCli();
    await cli.run(['create'], step);
    await cli.run(['rm'], step);
    expect(readFileSync(calls, 'utf8')).toBe('version\ncreate\nrm\n');
  });

  test.each([
    [
      'that says why',
      'echo "Cannot connect to the Docker daemon" >&2; exit 1',
      'Cannot connect to the Docker daemon',
    ],
    ['that says nothing', 'exit 125', 'docker version ended with 125'],
  ])('one %s does not work', async (_, script, reason) => {
    anyDocker(script);
    const cli = new DockerCli();
    for (const args of [['create'], ['rm']])
      await expect(cli.run(args, step, Buffer.alloc(20_000_000))).rejects.toMatchObject({
        name: 'ActionError',
        message: `shipyard: Docker does not work on this runner: ${reason}`,
      });
  });
});

test('a runner without docker is told', async () => {
  process.env['PATH'] = stub.directory;
  await expect(new DockerCli().run(['info'], step)).rejects.toMatchObject({
    name: 'ActionError',
    message: 'shipyard: there is no docker command on this runner',
  });
});
