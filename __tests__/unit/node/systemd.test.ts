import { describe, expect, test } from '@jest/globals';
import { initSystemOf } from '../../../src/node/init-system.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { DEBIAN_SOCKET, DEBIAN_UNIT, nodeFacts } from '../../support/fakes.ts';

const OVERRIDE = `# The listeners of dockerd are in /etc/docker/daemon.json; dockerd does not start when both name some.
# This is the command of /lib/systemd/system/docker.service without -H. Written by shipyard-cluster; an edit is overwritten.
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
`;
const OVERRIDE_PATH = '/etc/systemd/system/docker.service.d/zz-shipyard-cluster.conf';

test("the override is the packaged command without its listener; a variable is no option for dockerd's check", () => {
  expect(systemd.service(nodeFacts())).toEqual({
    hosts: ['fd://'],
    options: ['--containerd=/run/containerd/containerd.sock'],
    override: OVERRIDE,
    overrideChanged: true,
  });
});

test.each([
  ['as it should be', OVERRIDE, false],
  ['edited by hand', OVERRIDE.replace('ExecStart=/usr', 'ExecStart=/opt'), true],
])('an installed override that is %s', (_, installed, overrideChanged) => {
  const unit = `${DEBIAN_UNIT}\n# ${OVERRIDE_PATH}\n${installed}`;
  expect(systemd.service(nodeFacts({ unit }))).toMatchObject({ override: OVERRIDE, overrideChanged });
});

test('an upgraded package reaches the override', () => {
  const unit = `${DEBIAN_UNIT.replace('$DOCKER_OPTS', '--new-flag')}\n# ${OVERRIDE_PATH}\n${OVERRIDE}`;
  const service = systemd.service(nodeFacts({ unit }));
  expect(service.overrideChanged).toBe(true);
  expect(service.override).toContain('--new-flag');
});

describe('/etc/default/docker', () => {
  test.each([
    ['DOCKER_OPTS="-H tcp://0.0.0.0:2375"', '-H'],
    ['DOCKER_OPTS="--dns 8.8.8.8 --host=tcp://:2375"', '--host'],
    ["DOCKER_OPTS='--tlsverify'", '--tlsverify'],
    ['DOCKER_OPTS=--tlscacert=/x', '--tlscacert'],
    ['# a comment\n  export DOCKER_OPTS="--label rack=3"', '--label'],
  ])('%j is refused', (defaults, option) => {
    expect(() => systemd.service(nodeFacts({ defaults }))).toThrow(
      `/etc/default/docker sets ${option} in DOCKER_OPTS`,
    );
  });

  test.each([
    'DOCKER_OPTS="--dns 8.8.8.8 --dns 8.8.4.4"',
    '#DOCKER_OPTS="-H tcp://0.0.0.0:2375"',
    'export http_proxy="http://127.0.0.1:3128/"',
    '',
  ])('%j stays as it is', (defaults) => {
    expect(systemd.service(nodeFacts({ defaults })).override).toBe(OVERRIDE);
  });

  test('does not matter to a unit that does not read it', () => {
    const unit = DEBIAN_UNIT.replace('EnvironmentFile=-/etc/default/docker\n', '').replace(
      ' $DOCKER_OPTS',
      '',
    );
    expect(systemd.service(nodeFacts({ unit, defaults: 'DOCKER_OPTS="-H tcp://:2375"' })).hosts).toEqual([
      'fd://',
    ]);
  });
});

test.each(['2375', '0.0.0.0:2375', '[::]:2375'])(
  'a docker.socket that listens on %s is refused',
  (stream) => {
    const socketUnit = DEBIAN_SOCKET.replace(
      '/run/docker.sock\nSocket',
      `/run/docker.sock\nListenStream=${stream}\nSocket`,
    );
    expect(() => systemd.service(nodeFacts({ socketUnit }))).toThrow(
      `docker.socket listens on ${stream}, which needs no certificate`,
    );
  },
);

test('a node without docker.socket needs none', () => {
  expect(systemd.service(nodeFacts({ socketUnit: undefined })).hosts).toEqual(['fd://']);
});

test.each([
  [{ systemd: false }, 'the host does not run systemd'],
  [{ unit: undefined }, 'systemd has no docker.service'],
])('a node with %j is none that the action knows', (facts, message) => {
  expect(() => initSystemOf(nodeFacts(facts))).toThrow(message);
});
