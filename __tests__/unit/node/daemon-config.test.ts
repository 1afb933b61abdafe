import { describe, expect, test } from '@jest/globals';
import { daemonConfig, withSet } from '../../../src/node/daemon-config.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';

const TLS = {
  tlsverify: true,
  tlscacert: '/etc/docker/shipyard-cluster/current/ca.pem',
  tlscert: '/etc/docker/shipyard-cluster/current/cert.pem',
  tlskey: '/etc/docker/shipyard-cluster/current/key.pem',
};
const spec = nodeSpec();

const merged = (existing: string | undefined, asked = spec, ipv6 = true, serviceHosts = ['fd://']) =>
  daemonConfig(nodeFacts({ daemonConfig: existing, ipv6 }), { hosts: serviceHosts, labels: [] }, asked);
const settings = (...args: Parameters<typeof merged>): unknown => JSON.parse(merged(...args).text);

test('without a file, ours is written whole', () => {
  expect(merged(undefined)).toEqual({
    changed: true,
    notes: [],
    text: `{
  "hosts": [
    "fd://",
    "tcp://[::]:2376"
  ],
  "tlsverify": true,
  "tlscacert": "/etc/docker/shipyard-cluster/current/ca.pem",
  "tlscert": "/etc/docker/shipyard-cluster/current/cert.pem",
  "tlskey": "/etc/docker/shipyard-cluster/current/key.pem",
  "labels": [
    "name=node1"
  ],
  "live-restore": true
}
`,
  });
});

test('what is there stays, in its order, known to us or not', () => {
  const { text } = merged(
    '{"log-driver":"local","labels":["rack=3"],"live-restore":false,"x-unknown":{"a":[1,null]}}',
  );
  expect(JSON.parse(text)).toEqual({
    'log-driver': 'local',
    labels: ['rack=3', 'name=node1'],
    'live-restore': true,
    'x-unknown': { a: [1, null] },
    hosts: ['fd://', 'tcp://[::]:2376'],
    ...TLS,
  });
  expect([...text.matchAll(/^ {2}"([^"]+)"/gm)].map(([, key]) => key).slice(0, 4)).toEqual([
    'log-driver',
    'labels',
    'live-restore',
    'x-unknown',
  ]);
});

test('the second run changes nothing', () => {
  const first = merged('{"debug": true, "labels": ["rack=3"]}');
  expect(merged(first.text)).toEqual({ text: first.text, changed: false, notes: [] });
});

test('a number is written as it was, however long', () => {
  const { text, changed } = merged('{"default-shm-size":9007199254740993,"x":1.0}');
  expect(text).toContain('"default-shm-size": 9007199254740993,\n  "x": 1.0,');
  expect(changed).toBe(true);
  expect(merged(text)).toEqual({ text, changed: false, notes: [] });
});

describe('live-restore', () => {
  const engine = { version: '28.5.2', cpus: 1, memoryBytes: 1, liveRestore: false, swarm: true };

  test.each([
    ['in swarm mode', { engine }],
    ['before Docker 1.12', { dockerVersion: '1.11.2' }],
  ])('is left as it is %s', (_, facts) => {
    const config = daemonConfig(
      nodeFacts({ ...facts, daemonConfig: '{"live-restore":false}' }),
      { hosts: [], labels: [] },
      spec,
    );
    expect(JSON.parse(config.text)).toMatchObject({ 'live-restore': false });
    expect(daemonConfig(nodeFacts(facts), { hosts: [], labels: [] }, spec).text).not.toContain(
      'live-restore',
    );
  });

  test('that is missing in a file of ours is written', () => {
    const { text } = merged(undefined);
    const without = text.replace(',\n  "live-restore": true', '');
    expect(merged(without)).toMatchObject({ changed: true, text });
  });
});

describe('the log tells', () => {
  test.each([
    ['{"labels":["name=old","rack=3"]}', ['labels: name=old']],
    ['{"live-restore":false}', ['live-restore: false']],
    ['{"labels":["name=##[x]\\n"]}', ['labels: name=#_[x]']],
    ['{"labels":["name=node1"],"hosts":["unix:///run/x.sock"],"live-restore":true}', []],
  ])('of %s: %j', (existing, taken) => {
    expect(merged(existing).notes).toEqual(
      taken.map((setting) => `/etc/docker/daemon.json had ${setting}, which the action replaces`),
    );
  });

  test('of a listener that goes from a file of ours', () => {
    expect(merged(merged(undefined).text, nodeSpec({ enginePort: 2476 })).notes).toEqual([
      '/etc/docker/daemon.json had hosts: tcp://[::]:2376, which the action replaces',
    ]);
  });
});

test('a file of ours that was only written in another order or layout is as asked', () => {
  const { text } = merged(undefined);
  const shuffled = Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse());
  expect(merged(JSON.stringify(shuffled)).changed).toBe(false);
});

describe('in a file of ours', () => {
  const ours = merged(undefined).text;

  test.each([
    ['another port', nodeSpec({ enginePort: 2476 }), true, 'tcp://[::]:2476'],
    ['an IPv4 address', nodeSpec({ listen: '10.0.0.11' }), true, 'tcp://10.0.0.11:2376'],
    ['an IPv6 address', nodeSpec({ listen: 'fd00::11' }), true, 'tcp://[fd00::11]:2376'],
    ['a kernel without IPv6', spec, false, 'tcp://0.0.0.0:2376'],
  ])('%s replaces the listener', (_, asked, ipv6, listener) => {
    expect(merged(ours, asked, ipv6).changed).toBe(true);
    expect(settings(ours, asked, ipv6)).toMatchObject({ hosts: ['fd://', listener] });
  });

  test.each([
    ['tlsverify', false],
    ['tlscacert', '/tmp/ca.pem'],
    ['tlskey', '/tmp/key.pem'],
  ])('a changed %s is put right', (key, value) => {
    const drifted = JSON.stringify({ ...(JSON.parse(ours) as object), [key]: value });
    expect(merged(drifted).changed).toBe(true);
    expect(settings(drifted)).toMatchObject(TLS);
  });
});

test('the label `name` is replaced, others stay', () => {
  expect(settings('{"labels":["name=old","names=x","rack=3"]}')).toMatchObject({
    labels: ['names=x', 'rack=3', 'name=node1'],
  });
});

test.each([
  [
    'the unit and the file name',
    '{"hosts":["unix:///run/x.sock"]}',
    ['fd://'],
    ['fd://', 'unix:///run/x.sock'],
  ],
  ['both name the same', '{"hosts":["fd://"]}', ['fd://'], ['fd://']],
  ['nobody names', '{}', [], ['unix:///var/run/docker.sock']],
])('the local sockets that %s are kept', (_, existing, serviceHosts, local) => {
  expect(settings(existing, spec, true, serviceHosts)).toMatchObject({
    hosts: [...local, 'tcp://[::]:2376'],
  });
});

describe('a foreign set-up is refused, with what was found, where, and what ours would be', () => {
  const files = 'tlsverify: true with the files in /etc/docker/shipyard-cluster/current';
  const listener = 'hosts: tcp://[::]:2376';

  test.each([
    ['{"tls":true}', 'tls: true', files],
    ['{"tlsverify":false}', 'tlsverify: false', files],
    // Clients of any public CA are let in then.
    ['{"tlsverify":true}', 'tlsverify: true', files],
    [
      '{"tlscert":"/etc/ssl/docker.pem","tlskey":"/etc/ssl/docker.key"}',
      'tlscert: /etc/ssl/docker.pem, tlskey: /etc/ssl/docker.key',
      files,
    ],
    ['{"tlscacert":["##[x]\\n"]}', 'tlscacert: ["#_[x]\\n"]', files],
    ['{"hosts":[":2375"]}', 'hosts: :2375', listener],
    ['{"tls":true,"hosts":[":2375"]}', 'tls: true, hosts: :2375', `${files} and ${listener}`],
  ])('%s', (existing, found, ours) => {
    expect(() => merged(existing, spec, true, [])).toThrow(
      `/etc/docker/daemon.json already sets ${found}; the action would set ${ours} there`,
    );
  });

  test('a listener is named beside those on the command line', () => {
    expect(() =>
      merged('{"hosts":["fd://","tcp://0.0.0.0:2375"]}', nodeSpec({ listen: '10.0.0.11' })),
    ).toThrow(
      "/etc/docker/daemon.json already sets hosts: tcp://0.0.0.0:2375, and the service's command line sets -H fd://; the action would set hosts: tcp://10.0.0.11:2376 there",
    );
  });
});

test.each([
  ['labels', '{"labels":"rack=3"}'],
  ['labels', '{"labels":[3]}'],
  ['hosts', '{"hosts":{}}'],
])('%s that are no list are not dropped: %s', (key, existing) => {
  expect(() => merged(existing)).toThrow(
    `/etc/docker/daemon.json sets ${key} to something that is no list of texts`,
  );
});

test.each(['{"debug": true,}', '{', '[]', 'null', '"text"'])('%s is not overwritten', (existing) => {
  expect(() => merged(existing)).toThrow('/etc/docker/daemon.json is not a JSON object');
});

test('for validation the paths name the set and not the link', () => {
  expect(JSON.parse(withSet(merged(undefined).text, 'ab12'))).toMatchObject({
    tlscacert: '/etc/docker/shipyard-cluster/sets/ab12/ca.pem',
    tlscert: '/etc/docker/shipyard-cluster/sets/ab12/cert.pem',
    tlskey: '/etc/docker/shipyard-cluster/sets/ab12/key.pem',
  });
});
