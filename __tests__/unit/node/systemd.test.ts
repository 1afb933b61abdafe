import { describe, expect, test } from '@jest/globals';
import { initSystemOf } from '../../../src/node/init-system.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { DEBIAN_SOCKET, DEBIAN_UNIT, nodeFacts, nodeSpec } from '../../support/fakes.ts';

const service = (facts: NodeFacts) => systemd.service(facts, nodeSpec());

const OVERRIDE = `# The listeners of dockerd are in /etc/docker/daemon.json; dockerd does not start when both name some.
# This is the command of /lib/systemd/system/docker.service without -H. Written by shipyard-cluster; an edit is overwritten.
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
`;
const OVERRIDE_PATH = '/etc/systemd/system/docker.service.d/zz-shipyard-cluster.conf';

test("the override is the packaged command without its listener; a variable is no option for dockerd's check", () => {
  expect(service(nodeFacts())).toEqual({
    hosts: ['fd://'],
    options: ['--containerd=/run/containerd/containerd.sock'],
    labels: [],
    liveRestore: false,
    isGuide: false,
    taken: [{ flag: '-H', value: 'fd://', path: '/lib/systemd/system/docker.service' }],
    files: { 'override.conf': OVERRIDE },
  });
});

test("dockerd's check gets the values of variables that can be seen", () => {
  const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '--log-opt "tag={{.Name}} x" $DOCKER_OPTS $HIDDEN');
  const defaults = "DOCKER_OPTS='--debug'\nDOCKER_OPTS='--dns 8.8.8.8'";
  expect(service(nodeFacts({ unit, defaults })).options).toEqual([
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
  expect(service(nodeFacts({ unit })).files).toEqual(overrideChanged ? { 'override.conf': OVERRIDE } : {});
});

test('an upgraded package reaches the override', () => {
  const unit = `${DEBIAN_UNIT.replace('$DOCKER_OPTS', '--new-flag')}\n# ${OVERRIDE_PATH}\n${OVERRIDE}`;
  expect(service(nodeFacts({ unit })).files['override.conf']).toContain('--new-flag');
});

describe('/etc/default/docker', () => {
  test.each([
    ['DOCKER_OPTS="-H tcp://0.0.0.0:2375"', '-H tcp://0.0.0.0:2375'],
    ['DOCKER_OPTS="--dns 8.8.8.8 --host=tcp://:2375"', '-H tcp://:2375'],
    ["DOCKER_OPTS='--tlsverify'", '--tlsverify'],
    ['DOCKER_OPTS=--tlscacert=/x', '--tlscacert'],
    ['DOCKER_OPTS="-Htcp://:2375"', '-H tcp://:2375'],
    ['DOCKER_OPTS="-DH tcp://:2375"', '-H tcp://:2375'],
    ['DOCKER_OPTS="--config-file /x"', '--config-file'],
  ])('%j is refused', (defaults, option) => {
    expect(() => service(nodeFacts({ defaults }))).toThrow(
      `/etc/default/docker sets ${option} in DOCKER_OPTS, and the action has its settings in /etc/docker/daemon.json`,
    );
  });

  test.each([
    ["DOCKER_OPTS='--live-restore'", '', { liveRestore: true }],
    ['DOCKER_OPTS="--label=rack=3 --debug"', '--debug', { labels: ['rack=3'] }],
    ['# a comment\n  export DOCKER_OPTS="--label rack=3"', '', { labels: ['rack=3'] }],
    ['DOCKER_OPTS="-DH unix:///x.sock"', '-D', { hosts: ['fd://', 'unix:///x.sock'] }],
    ['DOCKER_OPTS="--debug \\\n -H unix:///x.sock"', '--debug', { hosts: ['fd://', 'unix:///x.sock'] }],
  ])('%j gives up what daemon.json says, in a block at its end', (defaults, kept, expected) => {
    const found = service(nodeFacts({ defaults }));
    expect(found).toMatchObject(expected);
    expect(found.options).toEqual([
      '--containerd=/run/containerd/containerd.sock',
      ...(kept === '' ? [] : [kept]),
    ]);
    expect(found.files['default-docker']).toBe(
      `${defaults}\n# BEGIN shipyard-cluster: the options above without what /etc/docker/daemon.json says; written anew by each run\nDOCKER_OPTS="${kept}"\n# END shipyard-cluster\n`,
    );
    // With the block in it, it is as it should be.
    const again = service(nodeFacts({ defaults: found.files['default-docker'] }));
    expect(again).toMatchObject(expected);
    expect(again.files).not.toHaveProperty('default-docker');
  });

  test('what was taken is told with the file that has it', () => {
    expect(service(nodeFacts({ defaults: 'DOCKER_OPTS="--label rack=3 --live-restore"' })).taken).toEqual([
      { flag: '-H', value: 'fd://', path: '/lib/systemd/system/docker.service' },
      { flag: '--label', value: 'rack=3', path: '/etc/default/docker' },
      { flag: '--live-restore', value: 'true', path: '/etc/default/docker' },
    ]);
  });

  test('only the last assignment of a variable counts', () => {
    const found = service(nodeFacts({ defaults: 'DOCKER_OPTS="-H tcp://:2375"\nDOCKER_OPTS="--debug"' }));
    expect(found.options).toContain('--debug');
    expect(found.files).not.toHaveProperty('default-docker');
  });

  test('is refused where the variable has braces', () => {
    const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '${DOCKER_OPTS}');
    expect(() => service(nodeFacts({ unit, defaults: 'DOCKER_OPTS="-H tcp://:2375"' }))).toThrow(
      '/etc/default/docker sets -H tcp://:2375 in DOCKER_OPTS',
    );
  });

  test.each([
    'DOCKER_OPTS="--dns 8.8.8.8 --dns 8.8.4.4"',
    '#DOCKER_OPTS="-H tcp://0.0.0.0:2375"',
    'OTHER_OPTS="-H tcp://:2375"',
    'export http_proxy="http://127.0.0.1:3128/"',
    '',
  ])('%j stays as it is', (defaults) => {
    expect(service(nodeFacts({ defaults })).files).toEqual({ 'override.conf': OVERRIDE });
  });

  test('does not matter to a unit that does not read it', () => {
    const unit = DEBIAN_UNIT.replace('EnvironmentFile=-/etc/default/docker\n', '').replace(
      ' $DOCKER_OPTS',
      '',
    );
    expect(service(nodeFacts({ unit, defaults: 'DOCKER_OPTS="-H tcp://:2375"' })).hosts).toEqual(['fd://']);
  });
});

describe('variables of other places', () => {
  const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '$OPTIONS');

  test('/etc/sysconfig/docker is looked at where the unit names it', () => {
    const named = unit.replace('/etc/default/docker', '/etc/sysconfig/docker');
    const sysconfig = "OPTIONS='--selinux-enabled --label rack=3'";
    const found = service(nodeFacts({ unit: named, sysconfig }));
    expect(found.labels).toEqual(['rack=3']);
    expect(found.files['sysconfig-docker']).toContain('\nOPTIONS="--selinux-enabled"\n');
    expect(service(nodeFacts({ unit, sysconfig })).hosts).toEqual(['fd://']);
  });

  test('Environment= of the unit or a drop-in counts', () => {
    const path = '/etc/systemd/system/docker.service.d/options.conf';
    const dropIn = `\n# ${path}\n[Service]\nEnvironment="OPTIONS=-H tcp://:2375"\n`;
    expect(() => service(nodeFacts({ unit: unit + dropIn }))).toThrow(
      `${path} sets -H tcp://:2375 in OPTIONS`,
    );
    const label = dropIn.replace('-H tcp://:2375', '--label rack=3');
    expect(() => service(nodeFacts({ unit: unit + label }))).toThrow(
      `${path} sets listeners, labels or live-restore in OPTIONS`,
    );
  });
});

describe('docker.socket', () => {
  const socket = (lines: string) => DEBIAN_SOCKET.replace('ListenStream=/run/docker.sock', lines);

  test.each(['2375', '0.0.0.0:2375', '[::]:2375', 'vsock::2375'])(
    'that listens on %s is refused',
    (stream) => {
      const socketUnit = socket(`ListenStream=/run/docker.sock\nListenStream=${stream}`);
      expect(() => service(nodeFacts({ socketUnit }))).toThrow(
        `/lib/systemd/system/docker.socket listens on ${stream}, which needs no certificate; the action has its own listener, tcp://[::]:2376, in /etc/docker/daemon.json`,
      );
    },
  );

  test('is refused with the drop-in that adds the port', () => {
    const path = '/etc/systemd/system/docker.socket.d/tcp.conf';
    const socketUnit = `${DEBIAN_SOCKET}\n# ${path}\n[Socket]\nListenStream=2375\n`;
    expect(() => service(nodeFacts({ socketUnit }))).toThrow(`${path} listens on 2375`);
  });

  test.each([
    'ListenStream=\nListenStream=/run/docker.sock',
    'ListenStream=2375\nListenStream=\nListenStream=/run/docker.sock',
    'ListenStream=%t/docker.sock',
    'ListenStream=@docker',
    '#ListenStream=2375\nListenStream=/run/docker.sock',
  ])('with %j has no port', (lines) => {
    expect(service(nodeFacts({ socketUnit: socket(lines) })).hosts).toEqual(['fd://']);
  });
});

test('a node without docker.socket needs none', () => {
  expect(service(nodeFacts({ socketUnit: undefined })).hosts).toEqual(['fd://']);
});

test.each([
  [{ systemd: false }, 'the host runs no systemd'],
  [{ unit: undefined }, 'systemd has no docker.service'],
])('a node with %j is none that the action knows', (facts, message) => {
  expect(() => initSystemOf(nodeFacts(facts))).toThrow(message);
});
