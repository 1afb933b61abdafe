import { expect, test } from '@jest/globals';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import { originRecord, readOrigin } from '../../../src/node/origin.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';

const ABSENT = { hosts: null, tlsverify: null, tlscacert: null, tlscert: null, tlskey: null };

const SERVICE = { hosts: ['fd://'], labels: [] };

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
  expect(record(daemonConfig(facts, { hosts: ['fd://'], labels: [] }, nodeSpec()).text)).toMatchObject({
    'daemon.json': { labels: null },
  });
});

test('is a text with a line end', () => {
  expect(originRecord(nodeFacts(), SERVICE)).toMatch(/^\{\n {2}"version": 1,[^]*\}\n$/);
});

test('labels that come from the options of the service are told from those of the file', () => {
  const text = originRecord(nodeFacts(), { hosts: [], labels: ['rack=3'] });
  expect(JSON.parse(text)).toMatchObject({
    'daemon.json': { labels: null },
    flags: { '--label': ['rack=3'] },
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
