import { describe, expect, test } from '@jest/globals';
import { daemonOptions } from '../../../src/node/daemon-options.ts';

const PLACE = { path: '/etc/default/docker', variable: 'DOCKER_OPTS' };
const divided = (text: string) => daemonOptions(text === '' ? [] : text.split(' '), PLACE);
const NOTHING = { hosts: [], labels: [], liveRestore: false, isGuide: false, kept: [] };

const GUIDE =
  '--tlsverify -H=unix:///var/run/docker.sock -H=node1:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem';

test.each([
  ['', {}],
  ['--debug --dns 8.8.8.8', { kept: ['--debug', '--dns', '8.8.8.8'] }],
  ['-H fd:// --host=unix:///x.sock', { hosts: ['fd://', 'unix:///x.sock'] }],
  ['--label a=1 --debug --label=b=2', { labels: ['a=1', 'b=2'], kept: ['--debug'] }],
  ['--live-restore', { liveRestore: true }],
  ['--live-restore=true', { liveRestore: true }],
  // Somebody wanted it off; daemon.json says otherwise from now on, and the option goes all the same.
  ['--live-restore=false', {}],
  // The value is missing, and dockerd would not start with it.
  ['--label', { labels: [''] }],
])('%j is divided', (text, expected) => {
  expect(divided(text)).toMatchObject({ ...NOTHING, ...expected });
});

describe("the guide's TLS set-up", () => {
  test('is taken, with the socket and without a word of it left', () => {
    const found = divided(GUIDE);
    expect(found).toMatchObject({ ...NOTHING, isGuide: true, hosts: ['unix:///var/run/docker.sock'] });
    expect(found.taken.map(({ flag, value }) => `${flag}=${value}`)).toEqual([
      '--tlsverify=true',
      ...GUIDE.split(' ').slice(1),
    ]);
  });

  test('may be in any order and spelling', () => {
    const words = GUIDE.replaceAll('=/etc', ' /etc').split(' ');
    const [verify = '', ...rest] = words;
    expect(daemonOptions([...rest, verify, '--debug'], PLACE)).toMatchObject({
      isGuide: true,
      kept: ['--debug'],
    });
  });

  test('leading elsewhere by a file of its own is refused', () => {
    expect(() => divided(`${GUIDE} --config-file=/x.json`)).toThrow('sets --config-file in DOCKER_OPTS');
  });
});

test.each([
  ['-H tcp://0.0.0.0:2375', '-H tcp://0.0.0.0:2375'],
  ['-H :2375', '-H :2375'],
  ['--tls', '--tls'],
  ['--tlsverify', '--tlsverify'],
  ['--tlskey /x', '--tlskey'],
  ['-H tcp://:2375 --config-file /x.json', '--config-file'],
])('%j is refused with file and variable', (text, option) => {
  expect(() => divided(text)).toThrow(`/etc/default/docker sets ${option} in DOCKER_OPTS`);
});

test('what is cited cannot become a command of the workflow', () => {
  expect(() => daemonOptions(['-H', 'tcp://x\n::error::forged'], PLACE)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('\n') }),
  );
});
