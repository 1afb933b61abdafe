import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { undo } from '../../../src/node/transaction.ts';
import { NEW, ScriptedNode, switched, transaction } from '../../support/scripted-node.ts';

const node = ScriptedNode.use();

/** The containers that run, each with its process. */
function containers(...lines: readonly string[]): void {
  node.root.write('/containers', lines.map((line) => `${line}\n`).join(''), 0o644);
}

test('an undo names the containers that do not go on in the process that they had, and quotes what the daemon logged', () => {
  node.root.stub(
    'docker',
    'case "$*" in *" ps "*) echo id ;; *" inspect "*) cat "${0%/stubs/*}/containers" ;; esac',
  );
  containers('/web 11', '/db 12', '/cache 13');
  node.upload(NEW);
  node.succeed(node.prepared('ab12'), switched('ab12'));
  containers('/db 12', '/web 99');
  expect(node.root.run(undo(transaction('ab12'), 1000))).toMatchObject({
    status: 0,
    stdout: 'log failed to start daemon: the last words\nlost cache\nlost web\n',
  });
});

test('an undo whose daemon does not answer says nothing of containers', () => {
  node.root.hasten();
  node.root.stub(
    'docker',
    '[ ! -e "${0%/stubs/*}/mute" ] || exit 1; case "$*" in *" ps "*) echo id ;; *" inspect "*) cat "${0%/stubs/*}/containers" ;; esac',
  );
  containers('/web 11');
  node.upload(NEW);
  node.succeed(node.prepared('ab12'), switched('ab12'));
  node.root.write('/mute', '', 0o644);
  expect(node.root.run(undo(transaction('ab12'), 1000)).stdout).not.toContain('lost');
});

test('an undo leaves no moment in which a daemon that systemd starts again has no live-restore', () => {
  node.startDaemon('dockerd');
  node.root.stub('docker', 'case "$*" in *LiveRestore*) echo true ;; esac');
  node.root.write(layout.daemonConfig, 'before', 0o644);
  node.upload({
    ...NEW,
    'daemon.json': 'new',
    'survive.json': 'survive',
    'release.json': 'release',
    'restart.json': 'survive',
  });
  node.succeed(node.prepared('ab12'));
  node.root.write('/broken', '', 0o644);
  expect(node.root.run(switched('ab12')).status).toBe(1);
  // Whatever takes the undo time, a file of the daemon's is there in the meantime.
  node.root.stub(
    'mv',
    '/bin/mv "$@"; cat "${0%/stubs/*}/etc/docker/daemon.json" >>"${0%/stubs/*}/seen"; echo >>"${0%/stubs/*}/seen"',
  );
  node.succeed(undo(transaction('ab12'), 1000));
  const seen = node.root.read('/seen').trim().split('\n');
  expect([...new Set(seen)]).toEqual(['new', 'survive', 'release', 'before']);
  expect(node.root.read(layout.daemonConfig)).toBe('before');
}, 30_000);

test.each([
  ['a daemon that does not take it', 'dockerd', 1],
  ['a process under the number of the daemon that is none', 'nginx', 0],
])(
  'live-restore: %s fails the change before the restart',
  (_, name, reloads) => {
    node.startDaemon(name);
    node.upload({
      ...NEW,
      'survive.json': '{"live-restore":true}',
      'release.json': '{"live-restore":false}',
    });
    node.succeed(node.prepared('ab12'));
    expect(node.root.run(switched('ab12'))).toEqual({
      status: 1,
      stdout: '',
      stderr: 'failed to start daemon: the last words\nthe daemon did not take live-restore\n',
    });
    expect(node.root.read('/systemctl.log')).not.toMatch(/^restart/m);
    const seen = spawnSync('cat', [node.root.path('/reloads')], { encoding: 'utf8' }).stdout;
    expect(seen).toBe('reloaded\n'.repeat(reloads));
    expect(node.root.tree(layout.current)).toEqual({});
  },
  30_000,
);
