import { expect, test } from '@jest/globals';
import { cleanUp, type MainStep } from '../../../src/commands/clean-up.ts';
import { ActionError } from '../../../src/errors.ts';
import { DockerTimeoutError } from '../../../src/ports/docker.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { CONTAINER, FakeDocker, type Answers } from '../../support/fake-docker.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW } from '../../support/fakes.ts';

const list = ['ps', '--all', '--quiet', '--no-trunc', '--filter', 'label=shipyard-cluster=c0ffee'];
const longId = CONTAINER.padEnd(64, '0');

test('after an end of its own accord the containers of that run are listed once, and none is left', async () => {
  const { docker, workflow } = await cleaned({ tag: 'c0ffee', ended: true });
  expect(docker.commands).toEqual([list]);
  expect(workflow.log).toEqual([]);
});

test('what a killed run left is removed, and a moment later what docker made after that', async () => {
  const { docker, workflow, slept } = await cleaned(
    { tag: 'c0ffee', ended: false },
    { ps: { stdout: `${longId}\n` } },
  );
  expect(docker.commands).toEqual([list, ['rm', '--force', longId], list, ['rm', '--force', longId]]);
  expect(slept).toBe(2000);
  expect(workflow.log[0]).toBe('info removed 1 container(s) that the run had left');
});

test('one that stays is named, with the command that removes it', async () => {
  const answers = { ps: { stdout: `${longId}\n` }, rm: { status: 1, stderr: 'device busy\n' } };
  const { workflow } = await cleaned({ tag: 'c0ffee', ended: true }, answers);
  expect(workflow.log).toEqual([
    expect.stringMatching(
      new RegExp(`^warning .*could not be removed: device busy; .*docker rm --force ${longId}$`),
    ),
  ]);
});

test('so is one that is not removed in time', async () => {
  const slow = new ActionError({ message: 'docker rm has not ended within 60 s', hint: '' });
  const { workflow } = await cleaned(
    { tag: 'c0ffee', ended: true },
    { ps: { stdout: `${longId}\n` }, rm: slow },
  );
  expect(workflow.log).toEqual([expect.stringContaining(`has not ended within 60 s; remove them`)]);
});

test('where there is no docker nothing is said', async () => {
  const missing = new ActionError({ message: 'there is no docker command', hint: '' });
  const { workflow } = await cleaned({ tag: 'c0ffee', ended: false }, { ps: missing });
  expect(workflow.log).toEqual([]);
});

test('a docker that gives no answer may have what a killed run has left', async () => {
  const slow = new DockerTimeoutError({ message: 'docker ps has not ended within 60 s', hint: '' });
  const { workflow } = await cleaned({ tag: 'c0ffee', ended: false }, { ps: slow });
  expect(workflow.log[0]).toMatch(
    /^warning .*is not known: docker ps has not ended within 60 s; .*--filter label=shipyard-cluster=c0ffee$/,
  );
  const ended = await cleaned({ tag: 'c0ffee', ended: true }, { ps: slow });
  expect(ended.workflow.log).toEqual([]);
});

test('a main step that never began has nothing to clean up', async () => {
  expect((await cleaned({ tag: undefined, ended: false })).docker.commands).toEqual([]);
});

async function cleaned(main: MainStep, answers: Answers = {}) {
  const [docker, workflow, clock] = [new FakeDocker(answers), new FakeWorkflow(), new FakeClock(NOW)];
  const begin = clock.now().getTime();
  await cleanUp({ docker, workflow, clock }, main);
  return { docker, workflow, slept: clock.now().getTime() - begin };
}
