import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readRecords } from '../../../src/node/fact-records.ts';
import { factsScript } from '../../../src/node/facts-script.ts';
import { parseFacts } from '../../../src/node/facts.ts';
import { layout } from '../../../src/node/layout.ts';
import { FakeRoot } from '../../support/fake-root.ts';
import { INFO_1_12, INFO_1_7, VERSION_1_7 } from '../../support/old-docker.ts';
import { OpenSsl } from '../../support/openssl.ts';

const INFO = '{"ServerVersion":"28.5.2","NCPU":2,"MemTotal":2147483648,"LiveRestoreEnabled":false}';
let root: FakeRoot;

beforeEach(() => {
  root = new FakeRoot({
    id: 'echo 0',
    dockerd: '[ "$1" != --version ] || echo "Docker version 28.5.2, build ecc6942"',
    docker: `case "$1 $2" in "-H unix://"*/var/run/docker.sock) ;; *) exit 9 ;; esac
case "$3" in info) echo '${INFO}';; ps) printf 'web\\ndb\\n';; esac`,
    flock: ':',
    systemctl: 'case "$1" in is-active) echo reloading; exit 3;; cat) echo "# /lib/systemd/system/$2";; esac',
    ip: 'echo "2: eth0    inet 10.0.0.11/24 brd 10.0.0.255 scope global eth0"; echo "2: eth0    inet6 fd00::11/64 scope"',
    timeout: 'shift; exec "$@"',
  });
});

afterEach(() => root.remove());

test('is plain POSIX shell and tells all that its parser wants to know', () => {
  root.write('/etc/docker/daemon.json', '{"debug":true}\n', 0o644);
  root.write('/etc/default/docker', 'DOCKER_OPTS=""\n', 0o644);
  root.write('/etc/sysconfig/docker', 'OPTIONS=""\n', 0o644);
  root.write(layout.recoverUnit, '[Unit]\n', 0o644);
  root.write('/run/systemd/system/x.service', '', 0o644);
  root.write(layout.origin, '{}', 0o600);
  const facts = parseFacts(root.run(factsScript(0)));
  expect(facts).toMatchObject({
    addresses: ['10.0.0.11', 'fd00::11'],
    dockerVersion: '28.5.2',
    canValidate: true,
    dockerCli: true,
    flock: true,
    daemonActive: true,
    engine: { version: '28.5.2', cpus: 2 },
    runningContainers: ['web', 'db'],
    unit: '# /lib/systemd/system/docker.service',
    socketUnit: '# /lib/systemd/system/docker.socket',
    daemonConfig: '{"debug":true}\n',
    defaults: 'DOCKER_OPTS=""\n',
    sysconfig: 'OPTIONS=""\n',
    recoverUnit: '[Unit]',
    installed: undefined,
    origin: '{}',
    traces: [layout.base, layout.recoverUnit].map((path) => root.path(path)),
    transaction: 'none',
  });
  expect(Math.abs(facts.now.getTime() - Date.now())).toBeLessThan(60_000);
});

test('sees without systemd by its process whether the daemon runs, and an old Docker by its command', () => {
  root.stub('dockerd', 'exit 127');
  root.stub('docker', '[ "$1" != --version ] || echo "Docker version 1.7.1, build 786b29d"');
  root.write('/etc/init.d/docker', '#!/bin/sh\n', 0o755);
  root.stub(
    'cat',
    'case "$1" in */docker.pid) echo 4711 ;; /proc/4711/comm) echo docker ;; *) exec /bin/cat "$@" ;; esac',
  );
  const facts = parseFacts(root.run(factsScript(0)));
  expect(facts).toMatchObject({
    systemd: false,
    daemonActive: true,
    dockerVersion: '1.7.1',
    initScript: '#!/bin/sh',
    upstartJob: undefined,
  });
});

describe('where the daemon runs, no program is started only for its version', () => {
  beforeEach(() => {
    root.write('/var/run/docker.pid', '4711', 0o644);
    root.stub('dockerd', 'echo "$*" >>"${0%/stubs/*}/started"; echo "Docker version 29.1.0, build ecc6942"');
  });

  test('the version is the one that it told of itself', () => {
    root.stub('readlink', 'case "$1" in */4711/exe) echo "${0%/*}/dockerd" ;; esac');
    const { dockerVersion, engine } = parseFacts(root.run(factsScript(0)));
    expect([dockerVersion, engine?.version]).toEqual(['28.5.2', '28.5.2']);
    expect(existsSync(root.path('/started'))).toBe(false);
  });

  test('but where another one was installed since, it is asked', () => {
    root.stub('readlink', 'case "$1" in */4711/exe) echo "${0%/*}/dockerd (deleted)" ;; esac');
    const { dockerVersion, engine } = parseFacts(root.run(factsScript(0)));
    expect([dockerVersion, engine?.version]).toEqual(['29.1.0', '28.5.2']);
    expect(root.read('/started')).toBe('--version\n');
  });
});

test('a daemon that has no containers is not asked for their names', () => {
  const none = INFO.replace('{', '{"Containers":0,');
  root.stub('docker', `case "$3" in info) echo '${none}';; ps) echo asked; exit 1;; esac`);
  expect(parseFacts(root.run(factsScript(0)))).toMatchObject({
    engine: { version: '28.5.2' },
    runningContainers: [],
  });
});

describe('a Docker whose commands have no format yet', () => {
  const old = (info: string, names: string) => `last=
for word in "$@"; do case "$word" in --format) last=format ;; esac; done
case "$3$last" in
  infoformat) echo "flag provided but not defined: --format" >&2; exit 2 ;;
  info) cat <<'END'
${info}END
  ;;
  version) cat <<'END'
${VERSION_1_7}END
  ;;
  psformat) ${names} ;;
  ps) [ "$*" = "-H $2 ps --quiet --no-trunc" ] && printf 'f00\\nba5\\n' ;;
  inspectformat) [ "$6 $7" = "f00 ba5" ] && printf '/web\\n/db\\n' ;;
  --version) echo "Docker version 1.7.1, build 786b29d" ;;
esac`;

  test.each([
    ['1.7', old(INFO_1_7, 'exit 2'), { version: '1.7.1', cpus: 2 }],
    ['1.12', old(INFO_1_12, "printf 'web\\ndb\\n'"), { version: '1.12.6', cpus: 4 }],
  ])('tells of itself in plain text: %s', (_, docker, engine) => {
    root.stub('docker', docker);
    expect(parseFacts(root.run(factsScript(0)))).toMatchObject({ engine, runningContainers: ['web', 'db'] });
  });

  test('has not answered where it tells nothing of its containers', () => {
    root.stub('docker', old(INFO_1_7, 'exit 2').replace('ps) [', 'ps) false && ['));
    expect(parseFacts(root.run(factsScript(0)))).toMatchObject({ engine: undefined, runningContainers: [] });
  });
});

test('a daemon that is silent is asked once', () => {
  root.stub('timeout', 'echo "$*" >>"${0%/stubs/*}/asked"; exit 124');
  expect(parseFacts(root.run(factsScript(0)))).toMatchObject({ engine: undefined });
  expect(root.read('/asked').match(/ (?:info|ps|version) /g)).toEqual([' info ']);
});

test('shows the public half of an installed key, never the key', () => {
  const openssl = new OpenSsl();
  const key = openssl.run('genpkey', '-algorithm', 'ed25519');
  const publicKey = openssl.run('pkey', '-in', openssl.write('key.pem', key), '-pubout');
  openssl.remove();
  const base = '/etc/docker/shipyard-cluster';
  root.write(`${base}/sets/ab12/key.pem`, key, 0o600);
  root.write(`${base}/sets/ab12/cert.pem`, 'CERTIFICATE', 0o600);
  root.write(`${base}/sets/ab12/ca.pem`, 'CA', 0o600);
  root.link(`${base}/current`, 'sets/ab12');

  const result = root.run(factsScript(0));

  const secret = key.split('\n')[1] ?? '';
  expect(secret).toMatch(/^[A-Za-z0-9+/]{64}$/);
  expect(decoded(result.stdout)).toContain('CERTIFICATE');
  expect(decoded(result.stdout)).not.toContain(secret);
  expect(parseFacts(result)).toMatchObject({
    installed: { id: 'ab12', ca: 'CA', certificate: 'CERTIFICATE', publicKey: publicKey.trim() },
  });
});

test.each([
  ['pending', ['pending']],
  ['undoing', ['undoing']],
  ['undoing', ['pending', 'undoing']],
  ['none', ['confirmed']],
])('a change is %s when there is %j', (transaction, markers) => {
  for (const marker of markers) root.write(`${layout.transaction}/${marker}`, 'run', 0o600);
  expect(parseFacts(root.run(factsScript(0)))).toMatchObject({ transaction, origin: undefined });
});

test('a daemon that tells of itself but not of its containers has not answered', () => {
  root.stub('docker', `case "$3" in info) echo '${INFO}';; ps) echo web; exit 1;; esac`);
  expect(parseFacts(root.run(factsScript(0)))).toMatchObject({ engine: undefined, runningContainers: [] });
});

test('changes nothing', () => {
  root.write('/etc/docker/daemon.json', '{}', 0o640);
  const before = root.tree();
  root.run(factsScript(0));
  expect(root.tree()).toEqual(before);
});

/** All that the script printed, in clear. */
function decoded(stdout: string): string {
  return JSON.stringify([...(readRecords(stdout) ?? [])]);
}
