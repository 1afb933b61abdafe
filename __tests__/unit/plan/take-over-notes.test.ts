import { expect, test } from '@jest/globals';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { initSystemOf } from '../../../src/node/init-system.ts';
import { layout } from '../../../src/node/layout.ts';
import { takeOverNotes } from '../../../src/plan/take-over-notes.ts';
import { DEBIAN_UNIT, nodeFacts, nodeSpec } from '../../support/fakes.ts';

const spec = nodeSpec();
const dropIn = '/etc/systemd/system/docker.service.d/local.conf';
const adopting = (options: string) =>
  `${DEBIAN_UNIT}\n# ${dropIn}\n[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd ${options}\n`;

const PACKAGED = '-H fd:// moves from /lib/systemd/system/docker.service to hosts in /etc/docker/daemon.json';
const ADOPTED = `the command in ${dropIn} is taken over into ${layout.unitOverride}, without its -H`;

const sysv: Partial<NodeFacts> = {
  ...{ systemd: false, unit: undefined, socketUnit: undefined },
  initScript: 'start-stop-daemon --start --exec "$DOCKERD" -- $DOCKER_OPTS\n',
};
const guide =
  'DOCKER_OPTS="--tlsverify -H=unix:///var/run/docker.sock -H=node1:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem --label name=node1"\n';
const GUIDE =
  'the TLS set-up of the guide of 2015 is taken over from /etc/default/docker; /etc/docker/ca.pem, /etc/docker/server-cert.pem, /etc/docker/server-key.pem are no longer used and stay where they are';

const cases: readonly [string, Partial<NodeFacts>, readonly string[]][] = [
  ["the packaged unit's listener", {}, [PACKAGED]],
  ['a listener that daemon.json has as well', { daemonConfig: '{"hosts":["fd://"]}' }, [PACKAGED]],
  [
    'the command and the listeners of a drop-in',
    { unit: adopting('-H fd:// -H unix:///run/second.sock --debug') },
    [
      ADOPTED,
      `-H fd:// moves from ${dropIn} to hosts in /etc/docker/daemon.json`,
      `-H unix:///run/second.sock moves from ${dropIn} to hosts in /etc/docker/daemon.json`,
    ],
  ],
  ['a command without listeners', { unit: adopting('--debug') }, [ADOPTED]],
  [
    'options in a file',
    { defaults: 'DOCKER_OPTS="--label rack=3 --label name=old --live-restore --dns 8.8.8.8"\n' },
    [
      PACKAGED,
      '--label rack=3 moves from /etc/default/docker to labels in /etc/docker/daemon.json',
      '--label name=old in /etc/default/docker gives way to labels: name=node1 in /etc/docker/daemon.json',
      '--live-restore=true moves from /etc/default/docker to live-restore in /etc/docker/daemon.json',
    ],
  ],
  [
    'live-restore that was switched off',
    { defaults: 'DOCKER_OPTS="--live-restore=false"\n' },
    [
      PACKAGED,
      '--live-restore=false in /etc/default/docker gives way to live-restore: true in /etc/docker/daemon.json',
    ],
  ],
  [
    'the set-up of the guide, and its listener',
    { ...sysv, defaults: guide },
    [
      GUIDE,
      '-H unix:///var/run/docker.sock moves from /etc/default/docker to hosts in /etc/docker/daemon.json',
      '-H node1:2376 in /etc/default/docker gives way to hosts: tcp://[::]:2376 in /etc/docker/daemon.json',
      '--label name=node1 moves from /etc/default/docker to labels in /etc/docker/daemon.json',
    ],
  ],
  ['the guide where all stays in its file', { ...sysv, defaults: guide, dockerVersion: '1.9.1' }, [GUIDE]],
  ['nothing', sysv, []],
];

test.each(cases)('%s', (_, fields, expected) => {
  expect(notes(nodeFacts(fields))).toEqual(expected);
});

test.each(cases)('%s: is not told again once it is taken over', (_, fields) => {
  const before = nodeFacts(fields);
  const { files } = service(before);
  const override = files['override.conf'];
  const after = nodeFacts({
    ...fields,
    ...(override !== undefined && { unit: `${before.unit}\n# ${layout.unitOverride}\n${override}` }),
    defaults: files['default-docker'] ?? before.defaults,
    daemonConfig: daemonConfig(before, service(before), spec).text,
    installed: { id: 'ab12', ca: '', certificate: '', publicKey: undefined, private: true },
  });
  expect(notes(after)).toEqual([]);
});

test('what comes to it later is told alone', () => {
  const before = nodeFacts();
  const { text } = daemonConfig(before, service(before), spec);
  const defaults = 'DOCKER_OPTS="--label rack=3"\n';
  expect(notes(nodeFacts({ daemonConfig: text, defaults }))).toEqual([
    '--label rack=3 moves from /etc/default/docker to labels in /etc/docker/daemon.json',
  ]);
});

test('live-restore that cannot be had has no place to move to', () => {
  const engine = { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: false, swarm: true };
  expect(notes(nodeFacts({ engine, defaults: 'DOCKER_OPTS="--live-restore=false"\n' }))).toEqual([PACKAGED]);
});

test('text of the node in a note is data', () => {
  const unit = adopting('"-H" "unix:///run/##[x].sock"');
  expect(notes(nodeFacts({ unit })).at(-1)).toContain('-H unix:///run/#_[x].sock moves from');
});

function service(facts: NodeFacts) {
  return initSystemOf(facts).service(facts, spec);
}

function notes(facts: NodeFacts): readonly string[] {
  return takeOverNotes(facts, service(facts), spec);
}
