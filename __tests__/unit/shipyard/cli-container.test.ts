import { beforeAll, describe, expect, test } from '@jest/globals';
import { trustedCertificates } from '../../../src/authority/authority.ts';
import { Secret } from '../../../src/secret.ts';
import { CliDriver } from '../../../src/shipyard/cli-driver.ts';
import type { NewEngine } from '../../../src/shipyard/engine.ts';
import { CONTAINER, FakeDocker, OWN_IMAGE, type Answers } from '../../support/fake-docker.ts';
import { clientFor, newAuthority } from '../../support/fakes.ts';

let engine: NewEngine;

beforeAll(async () => {
  const authority = await newAuthority();
  engine = {
    name: 'node1',
    addr: 'https://10.0.0.11:2376',
    cpus: 2,
    memory: 2048,
    labels: [],
    identity: await clientFor('node1', authority),
    trusted: trustedCertificates(authority),
  };
});

describe('the container is removed', () => {
  test('when the files cannot be copied', async () => {
    const { docker, driver } = driverWith({ cp: { status: 1, stderr: 'no space left on device' } });
    await expect(driver.add(engine)).rejects.toThrow('cannot make a container of');
    expect(docker.commands.map(([verb]) => verb)).toEqual(['create', 'cp', 'rm']);
  });

  test('when it gives no answer in time', async () => {
    const { docker, driver } = driverWith({ start: new Error('no answer within 60 s') });
    await expect(driver.add(engine)).rejects.toThrow('no answer within 60 s');
    expect(docker.commands.map(([verb]) => verb)).toEqual(['create', 'cp', 'start', 'rm']);
  });
});

describe('a container that cannot be removed is told of, with its id, since it holds keys:', () => {
  const rm = { status: 1, stderr: 'device or resource busy\n' };
  const message =
    'shipyard: a container with the login and keys in it could not be removed: device or resource busy';
  const hint = `remove it on the machine where Docker runs: docker rm --force ${CONTAINER}`;

  test('after all went well', async () => {
    await expect(driverWith({ rm }).driver.add(engine)).rejects.toMatchObject({
      name: 'ActionError',
      message,
      hint,
    });
  });

  test('with what went wrong before', async () => {
    const { driver } = driverWith({ rm, start: new Error('no answer within 60 s') });
    await expect(driver.add(engine)).rejects.toMatchObject({
      message: `${message}; before that: no answer within 60 s`,
      hint,
    });
  });
});

describe('no container comes into being', () => {
  test.each([
    ['docker fails', { status: 125, stderr: 'Unable to find image' }],
    ['docker names none', { status: 0, stdout: 'WARNING: something\n' }],
  ])('when %s: then nothing else is tried', async (_, answer) => {
    const { docker, driver } = driverWith({ create: answer });
    await expect(driver.add(engine)).rejects.toThrow(`docker cannot make a container of ${OWN_IMAGE}`);
    expect(docker.commands.map(([verb]) => verb)).toEqual(['create']);
  });

  test('when there is no docker', async () => {
    const missing = new Error('there is no docker command on this runner');
    await expect(driverWith({ create: missing }).driver.add(engine)).rejects.toBe(missing);
  });
});

function driverWith(answers: Answers) {
  const docker = new FakeDocker(answers);
  const access = { kind: 'service-key', key: new Secret('WSkOeB6Y') } as const;
  const target = {
    url: 'http://127.0.0.1:8080',
    access: () => access,
    renew: () => Promise.resolve(),
    tag: 'c0ffee',
    image: undefined,
  };
  return { docker, driver: new CliDriver(docker, target) };
}
