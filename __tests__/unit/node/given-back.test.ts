import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors.ts';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import { givenBackConfig } from '../../../src/node/given-back.ts';
import { originRecord, readOrigin } from '../../../src/node/origin.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';
import { ownOptions } from '../../support/own-options.ts';

const spec = nodeSpec();
const NONE = ownOptions([]);
const SERVICE = ownOptions(['fd://']);

/** What comes back of a file that was set up, and edited since. */
function givenBack(
  before: string | undefined,
  edit: (text: string) => string = (text) => text,
  service = SERVICE,
) {
  const facts = nodeFacts({ daemonConfig: before });
  const origin = readOrigin(originRecord(facts, service));
  const now = edit(daemonConfig(facts, service, spec).text);
  return givenBackConfig(nodeFacts({ daemonConfig: now }), origin, service, spec);
}

function edited(edit: (settings: Record<string, unknown>) => void): (text: string) => string {
  return (text) => {
    const settings = JSON.parse(text) as Record<string, unknown>;
    edit(settings);
    return JSON.stringify(settings);
  };
}

function refusal(body: () => unknown): ActionError {
  try {
    body();
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('nobody edited the file since: it comes back to the byte', () => {
  test('and goes where there was none', () => {
    expect(givenBack(undefined)).toEqual({ settings: {}, text: undefined, notes: [] });
  });

  test.each([
    '{}',
    '{}\n',
    '{"debug":true,\n "log-opts": { "max-size" : "10m" } }\n\n',
    '{"live-restore":true}',
    '{"debug":true,"live-restore":false,"max":9007199254740993}\n',
    '{"labels":["name=old","rack=3"],"a":1}',
    '{"labels":["rack=3","name=old","name=older"]}',
    '{"labels":[]}',
    '{"labels":["rack=3"], "nothing":null}',
    '{"labels":["name=node1"]}',
  ])('%j', (before) => {
    const { text, notes } = givenBack(before);
    expect(text).toBe(before);
    expect(notes).toEqual([]);
  });
});

test('listeners of its own come back, where the service names none', () => {
  const before = '{"hosts":["fd://","unix:///run/second.sock"],"labels":[]}';
  expect(givenBack(before, undefined, NONE).text).toBe(before);
});

test('what had moved here from the options of the service goes, since these are in force again', () => {
  const service = ownOptions(['unix:///var/run/docker.sock'], ['name=old', 'rack=3']);
  expect(givenBack(undefined, undefined, service).text).toBeUndefined();
  const { message } = refusal(() =>
    givenBack(
      undefined,
      edited((now) => (now['labels'] = ['rack=3', 'name=node1', 'disk=ssd'])),
      service,
    ),
  );
  expect(message).toContain("labels beside those in the service's own options (name=old, rack=3)");
});

describe('what was edited since stays:', () => {
  test('keys of others, in their order', () => {
    const { text, notes } = givenBack(
      '{"debug":true,"live-restore":false}',
      edited((settings) => {
        settings['log-level'] = 'warn';
        settings['debug'] = false;
      }),
    );
    expect(text).toBe('{\n  "debug": false,\n  "live-restore": false,\n  "log-level": "warn"\n}\n');
    expect(notes).toEqual([]);
  });

  test('keys in a file that was not there before: without ours it stays', () => {
    const { text } = givenBack(
      undefined,
      edited((settings) => (settings['debug'] = true)),
    );
    expect(text).toBe('{\n  "debug": true\n}\n');
  });

  test('other labels, and ours goes', () => {
    const { settings } = givenBack(
      undefined,
      edited((now) => (now['labels'] = ['disk=ssd', 'name=node1', 'rack=4'])),
    );
    expect(settings).toEqual({ labels: ['disk=ssd', 'rack=4'] });
  });

  test.each([
    ['live-restore', false, '{"live-restore":true}', 'false'],
    ['tlscert', '/etc/ssl/mine.pem', undefined, '"/etc/ssl/mine.pem"'],
    ['tlsverify', false, undefined, 'false'],
    ['labels', ['name=mine'], undefined, '["name=mine"]'],
  ])('%s, which is ours, as somebody else has set it', (key, value, before, shown) => {
    const { settings, notes } = givenBack(
      before,
      edited((now) => (now[key] = value)),
    );
    expect(settings).toEqual({ [key]: value });
    expect(notes).toEqual([
      `/etc/docker/daemon.json: ${key} was changed by somebody else since the set-up and stays as it is: ${shown}`,
    ]);
  });

  test('a key of ours that somebody has taken out', () => {
    const { settings, notes } = givenBack(
      '{"live-restore":false,"labels":["name=old"]}',
      edited((now) => {
        delete now['live-restore'];
        now['labels'] = [];
      }),
    );
    expect(settings).toEqual({ labels: [] });
    expect(notes).toEqual([
      '/etc/docker/daemon.json: live-restore was changed by somebody else since the set-up and stays as it is: null',
      '/etc/docker/daemon.json: labels was changed by somebody else since the set-up and stays as it is: []',
    ]);
  });

  test('the whole file where none of our certificates is in it any more', () => {
    const mine =
      '{ "hosts": ["tcp://[::]:2376"], "tlsverify": true, "tlscert": "/mine", "live-restore": true }';
    const { text, notes } = givenBack('{"live-restore":false}', () => mine, NONE);
    expect(text).toBe(mine);
    expect(notes.map((note) => note.split(' ')[1])).toEqual([
      'hosts',
      'tlsverify',
      'tlscert',
      'live-restore',
    ]);
  });

  test('also that it was deleted', () => {
    const facts = nodeFacts({ daemonConfig: '{"debug":true}' });
    const origin = readOrigin(originRecord(facts, SERVICE));
    expect(givenBackConfig(nodeFacts(), origin, SERVICE, spec)).toMatchObject({
      settings: {},
      text: undefined,
    });
  });
});

describe('a listener goes whatever its port and address', () => {
  test.each(['tcp://0.0.0.0:2376', 'tcp://10.0.0.11:12376', ':2376'])('%s', (listener) => {
    const { text } = givenBack(
      undefined,
      edited((now) => (now['hosts'] = ['fd://', listener])),
    );
    expect(text).toBeUndefined();
  });

  test.each([
    [['fd://', 'tcp://[::]:2376', 'tcp://0.0.0.0:2375'], 'tcp://0.0.0.0:2375'],
    [['fd://', 'tcp://[::]:2376', 'unix:///run/second.sock'], 'unix:///run/second.sock'],
  ])('but one that the action did not write is refused: %j', (hosts, foreign) => {
    const { message, hint } = refusal(() =>
      givenBack(
        undefined,
        edited((now) => (now['hosts'] = hosts)),
      ),
    );
    expect(message).toBe(
      `/etc/docker/daemon.json has ${foreign} among its hosts, which the action did not write`,
    );
    expect(hint).toContain('take it out of hosts');
  });

  test('and so is one without TLS in a file that is somebody else’s by now', () => {
    const { message } = refusal(() => givenBack(undefined, () => '{"hosts":["tcp://0.0.0.0:2375"]}'));
    expect(message).toContain('would listen on tcp://0.0.0.0:2375 without asking for a certificate');
  });
});

test('without its record only what is certainly ours is taken off', () => {
  const now = daemonConfig(nodeFacts({ daemonConfig: '{"labels":["rack=3"]}' }), SERVICE, spec).text;
  const facts = nodeFacts({ daemonConfig: now });
  const origin = readOrigin(originRecord(facts, SERVICE));
  expect(givenBackConfig(facts, origin, SERVICE, spec)).toEqual({
    settings: { labels: ['rack=3'], 'live-restore': true },
    text: '{\n  "labels": [\n    "rack=3"\n  ],\n  "live-restore": true\n}\n',
    notes: [],
  });
});

test('a file that nobody can read is refused', () => {
  expect(refusal(() => givenBack(undefined, () => '{')).message).toBe(
    '/etc/docker/daemon.json is not a JSON object',
  );
});
