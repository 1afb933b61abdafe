import { describe, expect, test } from '@jest/globals';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { initSystemOf } from '../../../src/node/init-system.ts';
import { sysv } from '../../../src/node/sysv.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';

/** The lines of docker.io's init script that matter here. */
const SCRIPT = `#!/bin/sh
DOCKERD=/usr/sbin/dockerd
DOCKER_OPTS=
if [ -f /etc/default/$BASE ]; then
  . /etc/default/$BASE
fi
# -H in a comment does not matter
start-stop-daemon --start --exec "$DOCKERD" --pidfile "$DOCKER_SSD_PIDFILE" --make-pidfile -- -p "$DOCKER_PIDFILE" $DOCKER_OPTS
`;

const facts = (fields: Partial<NodeFacts> = {}): NodeFacts =>
  nodeFacts({ systemd: false, unit: undefined, socketUnit: undefined, initScript: SCRIPT, ...fields });
const service = (fields: Partial<NodeFacts> = {}) => sysv.service(facts(fields), nodeSpec());
const written = (fields: Partial<NodeFacts>): string | undefined =>
  /^# BEGIN shipyard-cluster.*\n(.*)\n# END/m.exec(service(fields).files['default-docker'] ?? '')?.[1];

/** The line of the guide, as it has it, with one of its host names. */
const guide = (host: string): string =>
  `DOCKER_OPTS="--tlsverify -H=unix:///var/run/docker.sock -H=${host}:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem --label name=node1"\n`;

test.each([
  ['an init script', { initScript: SCRIPT }],
  [
    "Upstart's job",
    { initScript: undefined, upstartJob: '. /etc/default/$UPSTART_JOB\nexec "$DOCKER" -d $DOCKER_OPTS' },
  ],
])('%s is known where there is no systemd', (_, fields) => {
  expect(initSystemOf(facts(fields))).toBe(sysv);
  expect(service(fields)).toEqual({
    taken: [],
    hosts: [],
    labels: [],
    liveRestore: false,
    isGuide: false,
    options: [],
    files: {},
  });
});

test('an init script beside systemd does not matter', () => {
  expect(initSystemOf(nodeFacts({ initScript: SCRIPT })).name).toBe('systemd');
});

test('options that do not conflict stay, and the file is not touched', () => {
  expect(service({ defaults: 'DOCKER_OPTS="--dns 8.8.8.8"\n' })).toMatchObject({
    options: ['--dns', '8.8.8.8'],
    files: {},
  });
});

describe('the TLS set-up of the guide of 2015', () => {
  test.each(['node1.example.org', '10.0.0.11', 'tcp://node1.example.org', '0.0.0.0'])(
    'with %s is taken over',
    (host) => {
      const defaults = `# Docker\n${guide(host)}`;
      expect(service({ defaults })).toMatchObject({
        isGuide: true,
        hosts: ['unix:///var/run/docker.sock'],
        labels: ['name=node1'],
        options: [],
      });
      expect(written({ defaults })).toBe('DOCKER_OPTS=""');
      expect(service({ defaults }).files['default-docker']).toMatch(
        new RegExp(`^# Docker\\n${guide(host).slice(0, 20)}`),
      );
    },
  );

  test('keeps what else was asked', () => {
    const defaults = guide('10.0.0.11').replace('--label', '--dns=8.8.8.8 --storage-driver overlay2 --label');
    expect(written({ defaults })).toBe('DOCKER_OPTS="--dns=8.8.8.8 --storage-driver overlay2"');
  });

  test.each([
    [
      'another CA file',
      (text: string) => text.replace('/etc/docker/ca.pem', '/etc/ssl/ca.pem'),
      '-H 10.0.0.11:2376',
    ],
    ['no client check', (text: string) => text.replace('--tlsverify', '--tls'), '-H 10.0.0.11:2376'],
    [
      'a client check switched off',
      (text: string) => text.replace('--tlsverify', '--tlsverify=false'),
      '-H 10.0.0.11:2376',
    ],
    ['another port', (text: string) => text.replace('2376', '4243'), '-H 10.0.0.11:4243'],
    ['a second listener', (text: string) => text.replace('--label', '-H=:2375 --label'), '-H 10.0.0.11:2376'],
    ['no listener', (text: string) => text.replace('-H=10.0.0.11:2376 ', ''), '--tlsverify'],
  ])('with %s is another one, and refused with its place', (_, changed, option) => {
    expect(() => service({ defaults: changed(guide('10.0.0.11')) })).toThrow(
      `/etc/default/docker sets ${option} in DOCKER_OPTS, and the action has its settings in /etc/docker/daemon.json`,
    );
  });
});

describe('before Docker 1.10, without a daemon.json, the file says it all', () => {
  const OURS =
    '--tlsverify --tlscacert=/etc/docker/shipyard-cluster/current/ca.pem --tlscert=/etc/docker/shipyard-cluster/current/cert.pem --tlskey=/etc/docker/shipyard-cluster/current/key.pem -H=unix:///var/run/docker.sock -H=tcp://0.0.0.0:2376 --label=name=node1';

  test.each([
    ['nothing before', undefined, OURS],
    ['other options', 'DOCKER_OPTS="--dns 8.8.8.8"\n', `--dns 8.8.8.8 ${OURS}`],
    ["the guide's", guide('node1.example.org'), OURS],
    [
      'sockets and labels, which stay',
      'DOCKER_OPTS="-H unix:///run/second.sock --label rack=3 --label name=old"\n',
      OURS.replace('/var/run/docker.sock', '/run/second.sock').replace('--label', '--label=rack=3 --label'),
    ],
  ])('with %s', (_, defaults, expected) => {
    expect(written({ defaults, dockerVersion: '1.7.1' })).toBe(`DOCKER_OPTS="${expected}"`);
  });

  test.each([
    [{ listen: '10.0.0.11' }, '-H=tcp://10.0.0.11:2376'],
    [{ address: 'node1.example.org' }, '-H=tcp://0.0.0.0:2376'],
  ])('%j listens on IPv4', (fields, listener) => {
    const { files } = sysv.service(facts({ dockerVersion: '1.9.1' }), nodeSpec(fields));
    expect(files['default-docker']).toContain(` ${listener} `);
  });

  test.each([
    [{ listen: 'fd00::11' }, 'listen: fd00::11'],
    [{ address: 'fd00::11' }, 'address: fd00::11'],
    [{ address: 'fd00::11', listen: '10.0.0.5' }, 'address: fd00::11'],
  ])('%j, which it cannot listen on, is refused', (fields, field) => {
    expect(() => sysv.service(facts({ dockerVersion: '1.9.1' }), nodeSpec(fields))).toThrow(
      `Docker 1.9.1 cannot listen on IPv6, and the node has ${field}`,
    );
    expect(sysv.service(facts({ dockerVersion: '1.10.0' }), nodeSpec(fields)).files).toEqual({});
  });

  test('and is as it should be afterwards', () => {
    const defaults = service({ dockerVersion: '1.9.1' }).files['default-docker'];
    expect(service({ dockerVersion: '1.9.1', defaults }).files).toEqual({});
  });
});

test.each([
  ['other_args', 'exec $docker -d $other_args'],
  ['OPTIONS', 'exec $docker daemon ${OPTIONS}'],
])('Red Hat has %s in /etc/sysconfig/docker', (variable, line) => {
  const found = service({
    initScript: `. /etc/sysconfig/docker\n${line}`,
    sysconfig: `${variable}="--label rack=3 --debug"\n`,
  });
  expect(found.labels).toEqual(['rack=3']);
  expect(found.files['sysconfig-docker']).toContain(`\n${variable}="--debug"\n`);
});

test.each([
  'DOCKER_OPTS="--label name=node1 $(cat /etc/options)"',
  'DOCKER_OPTS="--label name=node1 --dns `cat /etc/dns`"',
  'DOCKER_OPTS="--label name=node1 $MORE"',
  'DOCKER_OPTS="--label name=node1 --log-opt \'a b\'"',
  'DOCKER_OPTS="--label name=node1;reboot"',
])('%j, which only a shell can read, is never written anew', (defaults) => {
  expect(() => service({ defaults })).toThrow('which only a shell can read');
});

test.each([
  [
    { initScript: SCRIPT.replace('$DOCKER_OPTS', '-H tcp://0.0.0.0:2375 $DOCKER_OPTS') },
    '/etc/init.d/docker itself sets -H',
  ],
  [
    { initScript: SCRIPT.replace('$DOCKER_OPTS', '-DHtcp://0.0.0.0:2375 $DOCKER_OPTS') },
    '/etc/init.d/docker itself sets -DH',
  ],
  [
    { initScript: SCRIPT.replace('$DOCKER_OPTS', '$DOCKER_OPTS --tlsverify ') },
    '/etc/init.d/docker itself sets --tlsverify',
  ],
  [{ initScript: '#!/bin/sh\nexec dockerd\n' }, '/etc/init.d/docker starts Docker without DOCKER_OPTS'],
  [{ dockerCli: false }, 'there is no docker command'],
])('%j is refused', (fields, message) => {
  expect(() => service(fields)).toThrow(message);
});
