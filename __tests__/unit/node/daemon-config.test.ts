import { describe, expect, test } from '@jest/globals';
import { daemonConfig, withSet } from '../../../src/node/daemon-config.ts';
import { nodeSpec } from '../../support/fakes.ts';

const TLS = {
  tlsverify: true,
  tlscacert: '/etc/docker/shipyard-cluster/current/ca.pem',
  tlscert: '/etc/docker/shipyard-cluster/current/cert.pem',
  tlskey: '/etc/docker/shipyard-cluster/current/key.pem',
};
const spec = nodeSpec();

const merged = (existing: string | undefined, asked = spec, ipv6 = true, serviceHosts = ['fd://']) =>
  daemonConfig(existing, serviceHosts, asked, ipv6);
const settings = (...args: Parameters<typeof merged>): unknown => JSON.parse(merged(...args).text);

test('without a file, ours is written whole', () => {
  expect(merged(undefined)).toEqual({
    changed: true,
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
  ]
}
`,
  });
});

test('what is there stays, in its order, known to us or not', () => {
  const { text } = merged(
    '{"log-driver":"local","labels":["rack=3"],"live-restore":true,"x-unknown":{"a":[1,null]}}',
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
  expect(merged(first.text)).toEqual({ text: first.text, changed: false });
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

describe('a foreign set-up is refused, with its key', () => {
  test.each([
    ['{"tls":true}', 'tls'],
    ['{"tlsverify":false}', 'tlsverify'],
    ['{"tlscert":"/etc/ssl/docker.pem","tlskey":"/etc/ssl/docker.key"}', 'tlscert, tlskey'],
    ['{"hosts":["fd://","tcp://0.0.0.0:2375"]}', 'hosts: tcp://0.0.0.0:2375'],
    ['{"hosts":[":2375"]}', 'hosts: :2375'],
  ])('%s', (existing, found) => {
    expect(() => merged(existing)).toThrow(`/etc/docker/daemon.json already sets ${found}`);
  });
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
