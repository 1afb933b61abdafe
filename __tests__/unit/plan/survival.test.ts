import { describe, expect, test } from '@jest/globals';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { survivalOf } from '../../../src/plan/survival.ts';
import { nodeFacts } from '../../support/fakes.ts';

const engine = { version: '28.5.2', cpus: 1, memoryBytes: 1, liveRestore: false, swarm: false };
const silent = { engine: undefined, daemonActive: true };

const survival = (facts: Partial<NodeFacts>, allowContainerRestart = false) =>
  survivalOf(nodeFacts({ engine, ...facts }), { liveRestore: false }, { allowContainerRestart });

const refused = (facts: Partial<NodeFacts>) => {
  try {
    return survival(facts);
  } catch (error) {
    return error;
  }
};

test('a daemon that has live-restore, as its file says, goes on', () => {
  expect(
    survival({ engine: { ...engine, liveRestore: true }, daemonConfig: '{"live-restore":true}' }),
  ).toEqual({ kind: 'on' });
});

describe('a daemon without it gets it first, in the file that is there', () => {
  test.each([undefined, '{}'])('%j', (daemonConfig) => {
    expect(survival({ daemonConfig, runningContainers: ['web'] })).toEqual({
      kind: 'switch-on',
      survive: '{\n  "live-restore": true\n}\n',
      release: '{\n  "live-restore": false\n}\n',
      restart: '{\n  "live-restore": true\n}\n',
    });
  });

  test('whose other keys, order and numbers stay', () => {
    const found = survival({ daemonConfig: '{"debug":true,"live-restore":false,"x":9007199254740993}' });
    if (found.kind !== 'switch-on') throw new Error('expected a switch');
    expect(found.survive.replace(/\s/g, '')).toBe('{"debug":true,"live-restore":true,"x":9007199254740993}');
    expect(found.release.replace(/\s/g, '')).toBe('{"debug":true,"live-restore":false,"x":9007199254740993}');
  });
});

test('a daemon that has not read its file yet is switched on', () => {
  expect(survival({ daemonConfig: '{"live-restore":true}' })).toMatchObject({ kind: 'switch-on' });
});

test('a daemon that has it against its file would start without it after an undo', () => {
  expect(survival({ engine: { ...engine, liveRestore: true }, daemonConfig: '{}' })).toMatchObject({
    kind: 'switch-on',
  });
});

test('a daemon that has it by an option has it after an undo as well', () => {
  const facts = nodeFacts({ engine: { ...engine, liveRestore: true } });
  expect(survivalOf(facts, { liveRestore: true }, { allowContainerRestart: false })).toEqual({ kind: 'on' });
});

test('an undo does not give a daemon by its file what its options have, which it would refuse', () => {
  expect(
    survivalOf(nodeFacts({ engine }), { liveRestore: true }, { allowContainerRestart: false }),
  ).toMatchObject({ kind: 'switch-on', restart: undefined });
});

describe('where it cannot be had', () => {
  test.each([
    ['in swarm mode', { engine: { ...engine, swarm: true } }, 'had in swarm mode'],
    [
      'with an old Docker',
      { dockerVersion: '1.12.6', engine: { ...engine, version: '1.12.6' } },
      'relied upon before Docker 1.13, which tells whether it is on',
    ],
    [
      'with an old daemon, not restarted yet',
      { engine: { ...engine, version: '1.11.2' } },
      'relied upon before Docker 1.13, which tells whether it is on',
    ],
  ])('%s, running containers are a refusal', (_, facts, hint) => {
    expect(refused({ ...facts, runningContainers: ['web', '##[x]'] })).toMatchObject({
      message: 'Docker must restart, and 2 running container(s) would stop: web, #_[x]',
      hint: `live-restore cannot be ${hint}; move or stop the containers, or set allow-container-restart: true`,
    });
    expect(survival(facts)).toEqual({ kind: 'none' });
    expect(survival({ ...facts, runningContainers: ['web'] }, true)).toEqual({ kind: 'none' });
  });
});

describe('a daemon that gives no answer', () => {
  test('and does not run has no containers', () => {
    expect(survival({ engine: undefined, daemonActive: false })).toEqual({ kind: 'none' });
  });

  test('but runs may have containers', () => {
    expect(refused({ ...silent, dockerCli: true })).toMatchObject({
      message: 'Docker must restart, but the daemon runs and did not tell its containers, which may stop',
      hint: expect.stringContaining('docker -H unix:///var/run/docker.sock ps'),
    });
  });

  test('since there is no docker command is told how to get one', () => {
    expect(refused({ ...silent, dockerCli: false })).toMatchObject({
      message:
        'Docker must restart, but the daemon runs and there is no docker command to ask for its containers, which may stop',
      hint: expect.stringContaining('docker-cli'),
    });
  });

  test('is restarted with consent', () => {
    expect(survival(silent, true)).toEqual({ kind: 'none' });
  });
});
