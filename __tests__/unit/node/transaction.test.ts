import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { confirm, discard, prepare, switchOver, undo } from '../../../src/node/transaction.ts';
import { FakeRoot } from '../../support/fake-root.ts';

const STUBS = {
  systemctl:
    'echo "$*" >>"$(dirname "$0")/../systemctl.log"; [ "$1" != restart ] || [ ! -e "$(dirname "$0")/../broken" ]',
  journalctl: 'echo "failed to start daemon: the last words"',
  timeout: 'shift; exec "$@"',
  dockerd:
    'echo "$*" >>"$(dirname "$0")/../dockerd.log"; echo unable to configure >&2; [ ! -e "$(dirname "$0")/../invalid" ]',
};
const UPLOAD = '/home/root/.shipyard-cluster-1';
const NEW = { 'ca.pem': 'new CA', 'cert.pem': 'new certificate', 'key.pem': 'new key' };
const CONFIG = { 'daemon.json': 'new config', 'override.conf': 'new override', 'validate.json': 'new check' };

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot(STUBS);
});
afterEach(() => root.remove());

test.each([
  ['prepare', prepare('/x', 'ab12', ['--containerd=/run/c.sock'])],
  ['prepare without validation', prepare('/x', 'ab12', undefined)],
  ['switchOver', switchOver('ab12', systemd)],
  ['undo', undo('ab12', systemd)],
  ['confirm', confirm],
  ['discard', discard('ab12')],
])('%s is a shell script for root', (_, { text, asRoot }) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  expect({ status, stderr, asRoot }).toEqual({ status: 0, stderr: '', asRoot: true });
});

describe('on a node without a set-up of ours', () => {
  beforeEach(() => {
    root.write(layout.daemonConfig, '{"debug":true}', 0o640);
    root.write('/etc/systemd/system/docker.service.d/proxy.conf', 'foreign', 0o644);
    upload({ ...NEW, ...CONFIG });
  });

  test('prepare puts a private set beside what is in use, validates it and takes the upload away', () => {
    succeed(prepare(root.path(UPLOAD), 'ab12', ['--containerd=/run/c.sock']));
    expect(root.tree(layout.base)).toMatchObject({
      [layout.base]: '700 directory',
      [layout.sets]: '700 directory',
      [`${layout.sets}/ab12`]: '700 directory',
      [`${layout.sets}/ab12/ca.pem`]: '600 new CA',
      [`${layout.sets}/ab12/cert.pem`]: '600 new certificate',
      [`${layout.sets}/ab12/key.pem`]: '600 new key',
    });
    expect(root.tree(layout.current)).toEqual({});
    expect(root.read(layout.daemonConfig)).toBe('{"debug":true}');
    expect(root.tree(UPLOAD)).toEqual({});
    const checked = `${root.path(layout.base)}/next/validate.json`;
    expect(root.read('/dockerd.log')).toBe(`--validate --config-file ${checked} --containerd=/run/c.sock\n`);
    expect(root.tree('/systemctl.log')).toEqual({});
  });

  test('what dockerd says of a bad configuration is on stderr, and the upload is gone', () => {
    root.write('/invalid', '', 0o644);
    expect(root.run(prepare(root.path(UPLOAD), 'ab12', []))).toMatchObject({
      status: 1,
      stderr: 'unable to configure\n',
    });
    expect(root.tree(UPLOAD)).toEqual({});
  });

  test('switchOver puts it in use and restarts the daemon with a fresh start count', () => {
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd));
    expect(root.tree()).toMatchObject({
      [layout.current]: '-> sets/ab12',
      [layout.daemonConfig]: '644 new config',
      [layout.unitOverride]: '644 new override',
    });
    expect(root.read('/systemctl.log').split('\n')).toEqual([
      'daemon-reload',
      'reset-failed docker.service docker.socket',
      'restart docker.service',
      '',
    ]);
  });

  test('the former files, which may hold secrets, are kept where only root reads them', () => {
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd));
    expect(root.tree(layout.before)).toEqual({
      [layout.before]: '700 directory',
      [`${layout.before}/daemon.json`]: '640 {"debug":true}',
    });
  });

  test('undo leaves nothing behind', () => {
    const before = root.tree();
    succeed(
      prepare(root.path(UPLOAD), 'ab12', undefined),
      switchOver('ab12', systemd),
      undo('ab12', systemd),
    );
    expect(root.tree()).toEqual(before);
    expect(root.read('/systemctl.log').match(/^restart/gm)).toHaveLength(2);
  });

  test('discard leaves nothing behind and restarts nothing', () => {
    const before = root.tree();
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), discard('ab12'));
    expect(root.tree()).toEqual(before);
    expect(root.tree('/systemctl.log')).toEqual({});
  });

  test('a daemon that does not start fails with its own last words', () => {
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined));
    root.write('/broken', '', 0o644);
    expect(root.run(switchOver('ab12', systemd))).toMatchObject({
      status: 1,
      stderr: 'failed to start daemon: the last words\n',
    });
  });
});

describe('on a node of ours', () => {
  beforeEach(() => {
    upload({ 'ca.pem': 'old CA', 'cert.pem': 'old certificate', 'key.pem': 'old key', ...CONFIG });
    succeed(prepare(root.path(UPLOAD), '0001', undefined), switchOver('0001', systemd), confirm);
    upload(NEW);
  });

  test('a renewal changes the set alone', () => {
    const before = root.tree();
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd), confirm);
    expect(root.tree(layout.current)).toEqual({ [layout.current]: '-> sets/ab12' });
    expect(root.tree(layout.daemonConfig)).toEqual({ [layout.daemonConfig]: before[layout.daemonConfig] });
    expect(root.tree(layout.unitOverride)).toEqual({ [layout.unitOverride]: before[layout.unitOverride] });
  });

  test('confirm forgets old sets and what was kept', () => {
    root.write(`${layout.sets}/dead/key.pem`, 'a key of an earlier crash', 0o600);
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd), confirm);
    expect(Object.keys(root.tree(layout.base))).toEqual([
      layout.base,
      layout.current,
      layout.sets,
      ...['', '/ca.pem', '/cert.pem', '/key.pem'].map((file) => `${layout.sets}/ab12${file}`),
    ]);
  });

  test('undo puts everything back byte for byte', () => {
    const before = root.tree();
    upload({ ...NEW, ...CONFIG, 'daemon.json': 'other config', 'override.conf': 'other override' });
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd));
    expect(root.tree()).not.toEqual(before);
    succeed(undo('ab12', systemd));
    expect(root.tree()).toEqual(before);
  });

  test('undo before anything was switched changes nothing', () => {
    const before = root.tree();
    succeed(undo('ab12', systemd));
    expect(root.tree()).toEqual(before);
    expect(root.read('/systemctl.log').match(/^restart/gm)).toHaveLength(1);
  });

  test('a change after one that was never ended keeps what the first had found', () => {
    const before = root.tree();
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd));
    upload({ ...NEW, 'key.pem': 'third key' });
    succeed(prepare(root.path(UPLOAD), 'cd34', undefined), switchOver('cd34', systemd));
    expect(root.tree(layout.current)).toEqual({ [layout.current]: '-> sets/cd34' });
    succeed(undo('cd34', systemd));
    expect(root.tree(layout.current)).toEqual({ [layout.current]: before[layout.current] });
    expect(root.read(`${layout.sets}/0001/key.pem`)).toBe('old key');
  });

  test('undo whose restart fails keeps what is needed to mend the node', () => {
    succeed(prepare(root.path(UPLOAD), 'ab12', undefined), switchOver('ab12', systemd));
    root.write('/broken', '', 0o644);
    expect(root.run(undo('ab12', systemd)).status).toBe(1);
    expect(root.tree(layout.before)).toMatchObject({ [`${layout.before}/current`]: '-> sets/0001' });
    expect(root.tree(layout.current)).toEqual({ [layout.current]: '-> sets/0001' });
  });
});

test.each(['a b', "it's", '$(touch /tmp/pwned)', '`id`', 'x;reboot', '-rf'])(
  'a set and an upload path named %j are words and nothing more',
  (name) => {
    const directory = `/home/${name.replaceAll('/', '_')}`;
    upload(NEW, directory);
    succeed(
      prepare(root.path(directory), name.replaceAll('/', '_'), [name]),
      switchOver(name.replaceAll('/', '_'), systemd),
    );
    expect(root.tree(layout.current)).toEqual({ [layout.current]: `-> sets/${name.replaceAll('/', '_')}` });
    expect(root.read('/dockerd.log')).toContain(` ${name}\n`);
  },
);

function upload(files: Readonly<Record<string, string>>, directory = UPLOAD): void {
  for (const [name, content] of Object.entries(files)) root.write(`${directory}/${name}`, content, 0o600);
}

function succeed(...scripts: Parameters<FakeRoot['run']>[0][]): void {
  for (const script of scripts) expect({ ...root.run(script), stdout: '' }).toMatchObject({ status: 0 });
}
