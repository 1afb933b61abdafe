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

test("dockerd's check gets the values of variables that can be seen", () => {
  const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '--log-opt "tag={{.Name}} x" $DOCKER_OPTS $HIDDEN');
  const defaults = "DOCKER_OPTS='--debug'\nDOCKER_OPTS='--dns 8.8.8.8'";
  expect(systemd.service(nodeFacts({ unit, defaults })).options).toEqual([
    '--containerd=/run/containerd/containerd.sock',
    '--log-opt',
    'tag={{.Name}} x',
    '--dns',
    '8.8.8.8',
  ]);
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
    ['DOCKER_OPTS="-Htcp://:2375"', '-H'],
    ["DOCKER_OPTS='--live-restore'", '--live-restore'],
    ['DOCKER_OPTS="--label=rack=3"\nDOCKER_OPTS="--debug"', '--label'],
    ['DOCKER_OPTS="--debug \\\n --host=fd://"', '--host'],
    ['# a comment\n  export DOCKER_OPTS="--label rack=3"', '--label'],
  ])('%j is refused', (defaults, option) => {
    expect(() => systemd.service(nodeFacts({ defaults }))).toThrow(
      `/etc/default/docker sets ${option} in DOCKER_OPTS, and the action has its settings in /etc/docker/daemon.json`,
    );
  });

  test('is refused where the variable has braces', () => {
    const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '${DOCKER_OPTS}');
    expect(() => systemd.service(nodeFacts({ unit, defaults: 'DOCKER_OPTS="-H tcp://:2375"' }))).toThrow(
      '/etc/default/docker sets -H in DOCKER_OPTS',
    );
  });

  test.each([
    'DOCKER_OPTS="--dns 8.8.8.8 --dns 8.8.4.4"',
    '#DOCKER_OPTS="-H tcp://0.0.0.0:2375"',
    'OTHER_OPTS="-H tcp://:2375"',
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

describe('variables of other places', () => {
  const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '$OPTIONS');

  test('/etc/sysconfig/docker is looked at where the unit names it', () => {
    const named = unit.replace('/etc/default/docker', '/etc/sysconfig/docker');
    const sysconfig = "OPTIONS='--selinux-enabled --label rack=3'";
    expect(() => systemd.service(nodeFacts({ unit: named, sysconfig }))).toThrow(
      '/etc/sysconfig/docker sets --label in OPTIONS',
    );
    expect(systemd.service(nodeFacts({ unit, sysconfig })).hosts).toEqual(['fd://']);
  });

  test('Environment= of the unit or a drop-in counts', () => {
    const path = '/etc/systemd/system/docker.service.d/options.conf';
    const dropIn = `\n# ${path}\n[Service]\nEnvironment="OPTIONS=-H tcp://:2375"\n`;
    expect(() => systemd.service(nodeFacts({ unit: unit + dropIn }))).toThrow(`${path} sets -H in OPTIONS`);
  });
});

describe('docker.socket', () => {
  const socket = (lines: string) => DEBIAN_SOCKET.replace('ListenStream=/run/docker.sock', lines);

  test.each(['2375', '0.0.0.0:2375', '[::]:2375', 'vsock::2375'])(
    'that listens on %s is refused',
    (stream) => {
      const socketUnit = socket(`ListenStream=/run/docker.sock\nListenStream=${stream}`);
      expect(() => systemd.service(nodeFacts({ socketUnit }))).toThrow(
        `/lib/systemd/system/docker.socket listens on ${stream}, which needs no certificate`,
      );
    },
  );

  test('is refused with the drop-in that adds the port', () => {
    const path = '/etc/systemd/system/docker.socket.d/tcp.conf';
    const socketUnit = `${DEBIAN_SOCKET}\n# ${path}\n[Socket]\nListenStream=2375\n`;
    expect(() => systemd.service(nodeFacts({ socketUnit }))).toThrow(`${path} listens on 2375`);
  });

  test.each([
    'ListenStream=\nListenStream=/run/docker.sock',
    'ListenStream=2375\nListenStream=\nListenStream=/run/docker.sock',
    'ListenStream=%t/docker.sock',
    'ListenStream=@docker',
    '#ListenStream=2375\nListenStream=/run/docker.sock',
  ])('with %j has no port', (lines) => {
    expect(systemd.service(nodeFacts({ socketUnit: socket(lines) })).hosts).toEqual(['fd://']);
  });
});

test('a node without docker.socket needs none', () => {
  expect(systemd.service(nodeFacts({ socketUnit: undefined })).hosts).toEqual(['fd://']);
});

test.each([
  [{ systemd: false }, 'the host does not run systemd'],
  [{ unit: undefined }, 'systemd has no docker.service'],
])('a node with %j is none that the action knows', (facts, message) => {
  expect(() => initSystemOf(nodeFacts(facts))).toThrow(message);
});
