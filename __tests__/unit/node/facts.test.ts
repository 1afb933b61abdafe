import { describe, expect, test } from '@jest/globals';
import { parseFacts } from '../../../src/node/facts.ts';
import type { ScriptResult } from '../../../src/ports/remote-host.ts';
import { recordsText } from '../../support/facts-text.ts';
import { firewallFacts } from '../../support/fakes.ts';

const INFO = {
  ServerVersion: '20.10.24+dfsg1',
  NCPU: 4,
  MemTotal: 8_340_013_056,
  LiveRestoreEnabled: true,
  Swarm: { LocalNodeState: 'inactive' },
};

const REALISTIC: Readonly<Record<string, string>> = {
  uid: '0\n',
  now: '1795428000\n',
  init: 'systemd\n',
  'init-script': '#!/bin/sh\n',
  ipv6: 'yes\n',
  addresses: '127.0.0.1/8\n10.0.0.11/24\n172.17.0.1/16\n::1/128\nfe80::42:acff:fe11:2/64\n',
  dockerd: 'Docker version 20.10.24+dfsg1, build 5d6db84\n',
  info: `${JSON.stringify(INFO)}\n`,
  docker: '/usr/bin/docker\n',
  flock: '/usr/bin/flock\n',
  active: 'active\n',
  containers: 'web\ndb\nlisted:\n',
  unit: '# /lib/systemd/system/docker.service\n[Service]\nExecStart=/usr/sbin/dockerd\n',
  socket: '# /lib/systemd/system/docker.socket\n[Socket]\nListenStream=/run/docker.sock\n',
  'recover-unit': '[Unit]\nDescription=Undo\n',
  defaults: '# nothing\n',
  sysconfig: 'OPTIONS=\n',
  environment: '\n\u001d/etc/docker.d/*\n/etc/docker.d/a\nA=1\nB=2\n\u001d/etc/docker.d/*\n/etc/docker.d/b\n',
  'daemon-config': '{"labels":["größe=1"]}\n',
  set: 'sets/ab12\n',
  ca: 'CA\n',
  certificate: 'CERTIFICATE\n',
  'public-key': 'PUBLIC\n',
  modes: '700 0 /base\n700 0 /base/sets\n700 0 /base/current/\n600 0 /base/current/key.pem\n',
  origin: '{"version":1}\n',
  traces: '/etc/docker/shipyard-cluster\n/etc/docker/daemon.json\n',
};

test('realistic output becomes typed facts', () => {
  expect(parseFacts(printed(REALISTIC))).toEqual({
    now: new Date('2026-11-23T10:00:00Z'),
    systemd: true,
    ipv6: true,
    addresses: ['127.0.0.1', '10.0.0.11', '172.17.0.1', '::1', 'fe80::42:acff:fe11:2'],
    dockerVersion: '20.10.24+dfsg1',
    canValidate: false,
    dockerCli: true,
    flock: true,
    daemonActive: true,
    engine: {
      version: '20.10.24+dfsg1',
      cpus: 4,
      memoryBytes: 8_340_013_056,
      liveRestore: true,
      swarm: false,
    },
    runningContainers: ['web', 'db'],
    unit: '# /lib/systemd/system/docker.service\n[Service]\nExecStart=/usr/sbin/dockerd',
    socketUnit: '# /lib/systemd/system/docker.socket\n[Socket]\nListenStream=/run/docker.sock',
    recoverUnit: '[Unit]\nDescription=Undo',
    defaults: '# nothing\n',
    sysconfig: 'OPTIONS=\n',
    environmentFiles: [
      { named: '/etc/docker.d/*', path: '/etc/docker.d/a', text: 'A=1\nB=2' },
      { named: '/etc/docker.d/*', path: '/etc/docker.d/b', text: '' },
    ],
    recoverScript: undefined,
    initScript: '#!/bin/sh',
    upstartJob: undefined,
    daemonConfig: '{"labels":["größe=1"]}\n',
    firewall: firewallFacts({ nft: false, iptables: undefined, ip6tables: undefined }),
    installed: { id: 'ab12', ca: 'CA', certificate: 'CERTIFICATE', publicKey: 'PUBLIC', private: true },
    origin: '{"version":1}',
    traces: ['/etc/docker/shipyard-cluster', '/etc/docker/daemon.json'],
    transaction: 'none',
  });
});

test('a node with nothing but a stopped Docker', () => {
  expect(parseFacts(printed({ uid: '0', now: '1795428000', dockerd: REALISTIC['dockerd'] ?? '' }))).toEqual({
    now: new Date('2026-11-23T10:00:00Z'),
    systemd: false,
    ipv6: false,
    addresses: [],
    dockerVersion: '20.10.24+dfsg1',
    canValidate: false,
    dockerCli: false,
    flock: false,
    daemonActive: false,
    engine: undefined,
    runningContainers: [],
    unit: undefined,
    socketUnit: undefined,
    recoverUnit: undefined,
    defaults: undefined,
    sysconfig: undefined,
    environmentFiles: [],
    daemonConfig: undefined,
    firewall: firewallFacts({ ipv6: false, nft: false, iptables: undefined, ip6tables: undefined }),
    installed: undefined,
    origin: undefined,
    traces: [],
    transaction: 'none',
  });
});

test.each([
  ['20.10.24+dfsg1', false],
  ['23.0.0', true],
  ['26.1.5+dfsg1', true],
])('a dockerd of 23 or newer can validate: %s', (version, canValidate) => {
  const dockerd = `Docker version ${version}, build 5d6db84\n`;
  expect(parseFacts(printed({ ...REALISTIC, dockerd })).canValidate).toBe(canValidate);
});

test.each(['pending', 'undoing'])('a change may be %s', (transaction) => {
  expect(parseFacts(printed({ ...REALISTIC, transaction })).transaction).toBe(transaction);
});

test.each([
  ['active', true],
  ['activating', true],
  ['deactivating', true],
  ['reloading', true],
  ['inactive', false],
  ['failed', false],
  ['unknown', false],
])('a service that is %s is one with a process: %p', (active, expected) => {
  expect(parseFacts(printed({ ...REALISTIC, active })).daemonActive).toBe(expected);
});

test('a daemon without containers', () => {
  const facts = parseFacts(printed({ ...REALISTIC, containers: 'listed:\n' }));
  expect(facts).toMatchObject({ engine: { version: '20.10.24+dfsg1' }, runningContainers: [] });
});

test.each(['', 'web\n'])('a list of containers that broke off after %j is no answer', (containers) => {
  const facts = parseFacts(printed({ ...REALISTIC, containers }));
  expect(facts).toMatchObject({ engine: undefined, runningContainers: [] });
});

test.each([
  ['no answer', ''],
  ['an answer of errors only', '{"ServerErrors":["Cannot connect"]}'],
  ['an empty version', '{"ServerVersion":""}'],
  ['no JSON', 'template parsing error'],
  ['null', 'null'],
])('the engine is absent when docker info gives %s', (_, info) => {
  expect(parseFacts(printed({ ...REALISTIC, info })).engine).toBeUndefined();
});

describe('the set is private only if all of it is', () => {
  test.each([
    [
      'a directory that others can read',
      (modes: string) => modes.replace('700 0 /base/sets', '755 0 /base/sets'),
    ],
    ['a key that its group can read', (modes: string) => modes.replace('600 0', '640 0')],
    ['a key of another user', (modes: string) => modes.replace('600 0', '600 1000')],
    ['a key that is missing', (modes: string) => modes.split('\n').slice(0, 3).join('\n')],
    ['no answer', () => ''],
  ])('not with %s', (_, changed) => {
    const modes = changed(REALISTIC['modes'] ?? '');
    expect(parseFacts(printed({ ...REALISTIC, modes })).installed?.private).toBe(false);
  });
});

describe('is refused', () => {
  test.each([
    [
      'where sudo wants a password',
      { status: 1, stdout: '', stderr: 'sudo: a password is required\n' },
      'sudo is refused: sudo: a password is required',
    ],
    [
      'where the login shell is none',
      { status: 1, stdout: 'This account is currently not available.\n', stderr: '' },
      'the node could not be read as root: its shell gave no answer',
    ],
    [
      'where the answer was cut off',
      { ...printed(REALISTIC), stdout: printed(REALISTIC).stdout.slice(0, -10) },
      'the node could not be read as root: its shell gave no answer',
    ],
    [
      'where the user is not root',
      printed({ ...REALISTIC, uid: '1000\n' }),
      'the node could not be read as root: its shell gave no answer',
    ],
    [
      'where there is no dockerd',
      printed({ ...REALISTIC, dockerd: '' }),
      'docker is not installed: there is no dockerd',
    ],
  ] satisfies readonly (readonly [string, ScriptResult, string])[])('%s', (_, result, message) => {
    expect(() => parseFacts(result)).toThrow(message);
  });
});

function printed(values: Readonly<Record<string, string>>): ScriptResult {
  return { status: 0, stdout: recordsText(values), stderr: '' };
}
