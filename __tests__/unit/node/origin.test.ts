import { describe, expect, test } from '@jest/globals';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import { daemonOptions } from '../../../src/node/daemon-options.ts';
import { originRecord, readOrigin } from '../../../src/node/origin.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';
import { ownOptions } from '../../support/own-options.ts';

const ABSENT = { hosts: null, tlsverify: null, tlscacert: null, tlscert: null, tlskey: null };

const SERVICE = ownOptions(['fd://']);

const record = (existing: string | undefined): unknown =>
  JSON.parse(originRecord(nodeFacts({ daemonConfig: existing }), SERVICE));

test('a node without daemon.json', () => {
  expect(record(undefined)).toEqual({
    version: 1,
    existed: false,
    'daemon.json': { ...ABSENT, 'live-restore': null, labels: null },
    flags: { '-H': ['fd://'], '--label': [] },
  });
});

test('only what we take over is recorded: of the labels the name, and not the keys of others', () => {
  const existing = '{"debug":true,"hosts":["fd://"],"live-restore":false,"labels":["rack=3","name=old"]}';
  expect(record(existing)).toEqual({
    version: 1,
    existed: true,
    'daemon.json': { ...ABSENT, hosts: ['fd://'], 'live-restore': false, labels: ['name=old'] },
    text: existing,
    flags: { '-H': ['fd://'], '--label': [] },
  });
});

test('labels without a name are told from no labels', () => {
  expect(record('{"labels":["rack=3"]}')).toMatchObject({ 'daemon.json': { labels: [] } });
});

test('what is ours already was not there before', () => {
  const facts = nodeFacts({ daemonConfig: '{"labels":["rack=3"]}' });
  expect(record(daemonConfig(facts, SERVICE, nodeSpec()).text)).toMatchObject({
    existed: true,
    'daemon.json': { ...ABSENT, labels: [] },
  });
});

test('a label that is ours alone was in no list before', () => {
  const facts = nodeFacts();
  expect(record(daemonConfig(facts, SERVICE, nodeSpec()).text)).toMatchObject({
    'daemon.json': { labels: null },
  });
});

test('is a text with a line end', () => {
  expect(originRecord(nodeFacts(), SERVICE)).toMatch(/^\{\n {2}"version": 1,[^]*\}\n$/);
});

test('labels that come from the options of the service are told from those of the file', () => {
  const text = originRecord(nodeFacts(), ownOptions([], ['rack=3']));
  expect(JSON.parse(text)).toMatchObject({
    'daemon.json': { labels: null },
    flags: { '--label': ['rack=3'] },
  });
});

describe('all flags that are taken over are recorded', () => {
  const guide =
    '--tlsverify -H=unix:///var/run/docker.sock -H=node1:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem --label name=node1';
  const place = { path: '/etc/default/docker', variable: 'DOCKER_OPTS' };
  const written = (options: string): string =>
    originRecord(nodeFacts(), daemonOptions(options.split(' '), place));

  test("those of the guide's TLS set-up, its listener among them", () => {
    const text = written(guide);
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      flags: {
        '-H': ['unix:///var/run/docker.sock', 'node1:2376'],
        '--label': ['name=node1'],
        '--tlsverify': ['true'],
        '--tlscacert': ['/etc/docker/ca.pem'],
        '--tlscert': ['/etc/docker/server-cert.pem'],
        '--tlskey': ['/etc/docker/server-key.pem'],
      },
    });
    // Only what moved into daemon.json is looked for there when the node is given back.
    expect(readOrigin(text).flags).toEqual({
      hosts: ['unix:///var/run/docker.sock'],
      labels: ['name=node1'],
    });
  });

  test.each([
    ['--live-restore', 'true'],
    ['--live-restore=false', 'false'],
  ])('%s, and no others', (option, value) => {
    expect(JSON.parse(written(`--debug ${option} --dns 8.8.8.8`))).toMatchObject({
      flags: { '-H': [], '--label': [], '--live-restore': [value] },
    });
  });
});

test('a record of before, with listeners and labels alone, says the same', () => {
  const before =
    '{"version":1,"existed":false,"daemon.json":{"hosts":null,"tlsverify":null,"tlscacert":null,"tlscert":null,"tlskey":null,"live-restore":null,"labels":null},"flags":{"-H":["unix:///var/run/docker.sock"],"--label":["name=node1"]}}';
  expect(readOrigin(before)).toEqual({
    existed: false,
    settings: { ...ABSENT, 'live-restore': null, labels: null },
    text: undefined,
    flags: { hosts: ['unix:///var/run/docker.sock'], labels: ['name=node1'] },
  });
});

test.each([
  '',
  '{',
  '[]',
  '{"version":2,"existed":true,"daemon.json":{}}',
  '{"version":1,"daemon.json":{}}',
  '{"version":1,"existed":true}',
])('a record that nobody can read is refused: %j', (record) => {
  expect(() => readOrigin(record)).toThrow(
    '/etc/docker/shipyard-cluster/origin.json, the record of what the node had before, cannot be read',
  );
});
