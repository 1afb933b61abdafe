import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { DockerCli } from '../../../src/adapters/docker-cli.ts';
import { StubDocker } from './stub-docker.ts';

const stub = StubDocker.use();

describe('a container that gives no answer in time', () => {
  test('is killed', async () => {
    const killed = join(stub.directory, 'killed');
    stub.docker(`case "$1" in start) ${stub.forEver};; kill) echo "$2" >${killed};; esac`);
    await expect(new DockerCli().start('c0ffee', 50)).rejects.toMatchObject({
      name: 'ActionError',
      message: 'shipyard: the CLI container gave no answer within 0.05 s',
    });
    expect(readFileSync(killed, 'utf8')).toBe('c0ffee\n');
  });

  test('is told of in the same words when it cannot be killed', async () => {
    const begun = join(stub.directory, 'begun');
    stub.docker(`>${begun}; ${stub.forEver}`);
    const ended = new DockerCli().start('c0ffee', 3000);
    const expected = expect(ended).rejects.toThrow('gave no answer within 3 s');
    while (!existsSync(begun)) await setTimeout(10);
    process.env['PATH'] = '';
    await expected;
  });
});

describe('a docker that hangs', () => {
  const hurried = { what: 'making a container of registry.example/cli:1', limitMs: 1000 };

  test.each(['create', 'cp', 'rm', 'import'])(
    'in %s is ended after the limit, and the error names step and image',
    async (command) => {
      const pid = join(stub.directory, 'pid');
      stub.anyDocker(`[ "$1" != version ] || exit 0\necho $$ >${pid}; ${stub.forEver}`);
      const cli = new DockerCli();
      await expect(cli.run([command, 'x'], hurried)).rejects.toMatchObject({
        name: 'ActionError',
        message: `shipyard: docker ${command} has not ended within 1 s, while making a container of registry.example/cli:1`,
        hint: expect.stringContaining('pull the image in a step before this one'),
      });
      expect(await isGone(Number(readFileSync(pid, 'utf8')))).toBe(true);
    },
  );

  test('keeps nothing of the action waiting, though what it has started goes on', async () => {
    stub.docker(`(${stub.forEver}) & ${stub.forEver}`);
    // Those of other tests are closed a moment after their end.
    await setTimeout(300);
    const others = pipes();
    await expect(new DockerCli().run(['create'], hurried)).rejects.toThrow('has not ended within 1 s');
    for (let left = 100; left > 0 && pipes() > others; left -= 1) await setTimeout(20);
    expect(pipes()).toBeLessThanOrEqual(others);
  });

  test('before anything else is a Docker that does not work', async () => {
    stub.anyDocker(stub.forEver);
    await expect(new DockerCli(undefined, 100).run(['create'], hurried)).rejects.toMatchObject({
      message: 'shipyard: Docker does not work on this runner: docker version has not ended within 0.1 s',
      hint: expect.stringContaining('try `docker version` in a step before this one'),
    });
  });
});

/** Resolves to whether a process ends within two seconds. */
async function isGone(pid: number): Promise<boolean> {
  for (let left = 100; left > 0; left -= 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await setTimeout(20);
  }
  return false;
}

/** What keeps a process of Node from its end. */
function pipes(): number {
  return process.getActiveResourcesInfo().filter((one) => /Pipe|Process/.test(one)).length;
}
