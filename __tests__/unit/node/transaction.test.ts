import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { sysv } from '../../../src/node/sysv.ts';
import { discard, pendingChange, prepare, switchOver, undo } from '../../../src/node/transaction.ts';
import { undoScript } from '../../../src/node/undo-script.ts';
import {
  CONFIG,
  LIMITS,
  NEW,
  RECOVERY_LINK,
  ScriptedNode,
  UPLOAD,
  confirmed,
  switched,
  transaction,
  undone,
} from '../../support/scripted-node.ts';

const node = ScriptedNode.use();

test.each([
  ['prepare', prepare(transaction('ab12'), '/x', '', ['--containerd=c.sock'], 1)],
  ['prepare without validation', prepare(transaction('ab12'), '/x', '', undefined, 1)],
  ['switchOver', switched('ab12')],
  ['confirm', confirmed('ab12')],
  ['undo', undone],
  ['discard', discard(transaction('ab12'), 1)],
  ['pendingChange', pendingChange(1)],
  ['the undo that lies on the node', { text: undoScript(systemd), asRoot: true }],
  ['switchOver without systemd', switchOver({ ...transaction('ab12'), init: sysv }, LIMITS)],
  ['undo without systemd', undo({ init: sysv }, 1)],
  ['the undo that lies on a node without systemd', { text: undoScript(sysv), asRoot: true }],
  ['what undoes at boot without systemd', { text: sysv.recovery.text, asRoot: true }],
])('%s is a shell script for root', (_, { text, asRoot }) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  expect({ status, stderr, asRoot }).toEqual({ status: 0, stderr: '', asRoot: true });
});

describe('on a node without a set-up of ours', () => {
  beforeEach(() => {
    node.uploadFirst();
  });

  test('prepare puts a private set beside what is in use, validates it and takes the upload away', () => {
    node.succeed(node.prepared('ab12', ['--containerd=c.sock']));
    expect(node.root.tree(layout.sets)).toEqual({
      [layout.sets]: '700 directory',
      [`${layout.sets}/ab12`]: '700 directory',
      [`${layout.sets}/ab12/ca.pem`]: '600 new CA',
      [`${layout.sets}/ab12/cert.pem`]: '600 new certificate',
      [`${layout.sets}/ab12/key.pem`]: '600 new key',
    });
    expect(node.root.tree(layout.base)).toMatchObject({
      [layout.base]: '700 directory',
      [layout.transaction]: '700 directory',
    });
    expect(node.root.tree(layout.current)).toEqual({});
    expect(node.root.read(layout.daemonConfig)).toBe('{"debug":true}');
    expect(node.root.tree(UPLOAD)).toEqual({});
    const checked = `${node.root.path(layout.transaction)}/next/validate.json`;
    expect(node.root.read('/dockerd.log')).toBe(`--validate --config-file ${checked} --containerd=c.sock\n`);
    expect(node.root.tree('/systemctl.log')).toEqual({});
  });

  test('a prepare that fails leaves nothing behind, the key least of all', () => {
    const before = node.root.tree();
    node.root.write('/invalid', '', 0o644);
    expect(node.root.run(node.prepared('ab12', []))).toMatchObject({
      status: 1,
      stderr: 'unable to configure\n',
    });
    expect(node.root.tree(UPLOAD)).toEqual({});
    expect(node.root.tree()).toEqual(before);
  });

  test('an upload that was cut short is noticed, and leaves nothing behind', () => {
    const before = node.root.tree();
    const script = node.prepared('ab12');
    node.root.write(`${UPLOAD}/undo.sh`, '', 0o600);
    expect(node.root.run(script)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('undo.sh: FAILED'),
    });
    expect(node.root.tree()).toEqual(before);
  });

  test('switchOver arms the undo, puts everything in use and restarts the daemon with a fresh start count', () => {
    node.succeed(node.prepared('ab12'), switched('ab12'));
    expect(node.root.tree()).toMatchObject({
      [layout.current]: '-> sets/ab12',
      [layout.daemonConfig]: '640 new config',
      [layout.unitOverride]: '644 new override',
      [layout.recoverUnit]: '644 recovery',
      [RECOVERY_LINK]: `-> ${node.root.path(layout.recoverUnit)}`,
      [`${layout.transaction}/pending`]: '600 run ab12\n',
      [`${layout.transaction}/before`]: '700 directory',
      [`${layout.transaction}/before/daemon.json`]: '640 {"debug":true}',
    });
    expect(node.root.read('/systemd-run.log')).toContain('--on-active=180s --timer-property=AccuracySec=1s');
    expect(
      node.root
        .read('/systemctl.log')
        .split('\n')
        .filter((line) => !line.startsWith('show')),
    ).toEqual([
      'daemon-reload',
      'stop shipyard-cluster-undo.timer',
      'reset-failed shipyard-cluster-undo.service',
      'daemon-reload',
      'reset-failed docker.service docker.socket',
      'restart --no-block docker.service',
      '',
    ]);
    expect(node.root.run(pendingChange(1)).stdout).toBe('run ab12\n');
  });

  test('a daemon that does not start fails with its own last words', () => {
    node.root.write('/broken', '', 0o644);
    node.succeed(node.prepared('ab12'));
    expect(node.root.run(switched('ab12'))).toMatchObject({
      status: 1,
      stderr: 'failed to start daemon: the last words\n',
    });
  });

  test('undo leaves nothing behind', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), switched('ab12'), undone);
    expect(node.root.tree()).toEqual(before);
    expect(node.root.read('/systemctl.log').match(/^restart/gm)).toHaveLength(2);
  });

  test('undo restarts nothing where the daemon was not yet restarted', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'));
    node.root.write(`${layout.transaction}/pending`, 'run ab12', 0o600);
    node.succeed(undone);
    expect(node.root.tree()).toEqual(before);
    expect(node.root.read('/systemctl.log')).not.toContain('restart');
  });

  test('undo at boot puts the files back and leaves the start to the boot', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), switched('ab12'));
    node.root.write('/systemctl.log', '', 0o644);
    const script = node.root.path(`${layout.transaction}/undo.sh`);
    expect(spawnSync('sh', [script, 'boot'], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    expect(node.root.tree()).toEqual(before);
    expect(node.root.read('/systemctl.log')).toMatch(/^(daemon-reload\n)+$/);
  });

  test('undo whose restart fails keeps what is needed to mend the node, and can be repeated', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), switched('ab12'));
    node.root.write('/dead', '', 0o644);
    expect(node.root.run(undone).status).toBe(1);
    expect(node.root.tree(layout.transaction)).toMatchObject({
      [`${layout.transaction}/undoing`]: '600 run ab12\n',
    });
    expect(node.root.tree(RECOVERY_LINK)).not.toEqual({});
    spawnSync('rm', [node.root.path('/dead')]);
    node.succeed(undone);
    expect(node.root.tree()).toEqual(before);
  });

  test('discard leaves nothing behind and restarts nothing, but never touches a change in progress', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), discard(transaction('ab12'), 1));
    expect(node.root.tree()).toEqual(before);
    expect(node.root.tree('/systemctl.log')).toEqual({});
    node.upload({ ...NEW, ...CONFIG });
    node.succeed(node.prepared('ab12'), switched('ab12'));
    const during = node.root.tree();
    node.succeed(discard(transaction('ab12'), 1));
    expect(node.root.tree()).toEqual(during);
  });

  test('a daemon.json that is a link stays one, and its target gets its content back', () => {
    spawnSync('rm', [node.root.path(layout.daemonConfig)]);
    node.root.write('/etc/docker/shared.json', '{"shared":true}', 0o600);
    node.root.link(layout.daemonConfig, 'shared.json');
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), switched('ab12'));
    expect(node.root.tree('/etc/docker')).toMatchObject({
      [layout.daemonConfig]: '-> shared.json',
      '/etc/docker/shared.json': '600 new config',
    });
    node.succeed(undone);
    expect(node.root.tree()).toEqual(before);
  });
});
