import { expect, test } from '@jest/globals';
import { guideFiles, isGuideSetup } from '../../../src/node/guide-setup.ts';

const TLS = [
  { name: '--tlsverify', value: 'true' },
  { name: '--tlscacert', value: '/etc/docker/ca.pem' },
  { name: '--tlscert', value: '/etc/docker/server-cert.pem' },
  { name: '--tlskey', value: '/etc/docker/server-key.pem' },
];

test.each([
  'node1.example.org:2376',
  '10.0.0.11:2376',
  'tcp://10.0.0.11:2376',
  'tcp://[fd00::11]:2376',
  ':2376',
])('with %s it is the set-up of the guide', (listener) => {
  expect(isGuideSetup([...TLS].reverse(), [listener])).toBe(true);
});

test.each([
  ['no listener', TLS, []],
  ['two listeners', TLS, ['a:2376', 'b:2376']],
  ['another port', TLS, ['a:2375']],
  ['a port that only begins like it', TLS, ['a:23760']],
  ['a path', TLS, ['tcp://a/b:2376']],
  ['an option twice', [...TLS, { name: '--tlsverify', value: 'true' }], ['a:2376']],
  ['one option more', [...TLS, { name: '--tls', value: 'true' }], ['a:2376']],
  [
    'no check of clients',
    TLS.map((one) => ({ ...one, value: one.value === 'true' ? 'false' : one.value })),
    ['a:2376'],
  ],
])('with %s it is another', (_, tls, listeners) => {
  expect(isGuideSetup(tls, listeners)).toBe(false);
});

test.each(TLS.map(({ name }) => name))('without %s it is another', (name) => {
  expect(
    isGuideSetup(
      TLS.filter((one) => one.name !== name),
      ['a:2376'],
    ),
  ).toBe(false);
});

test('its files are named', () => {
  expect(guideFiles).toEqual(TLS.slice(1).map(({ value }) => value));
});
