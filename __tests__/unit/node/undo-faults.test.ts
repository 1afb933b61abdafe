import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { undo } from '../../../src/node/transaction.ts';
import { LOST } from '../../../src/node/undo-script.ts';
import { NEW, ScriptedNode, confirmed, switched, transaction } from '../../support/scripted-node.ts';

const node = ScriptedNode.use();
const undone = undo(transaction('ab12'), 1000);
const BEFORE = '{"debug":true}';
const config = () => node.root.read(layout.daemonConfig);

/** A change of daemon.json that is switched over, of a daemon that had live-restore off. */
beforeEach(() => {
  node.root.write(layout.daemonConfig, BEFORE, 0o640);
  node.root.stub('docker', 'case "$*" in *LiveRestore*) echo true ;; esac');
  node.root.hasten();
});

function switchOver(): void {
  node.upload({ ...NEW, 'daemon.json': 'new' });
  node.succeed(node.prepared('ab12'), switched('ab12'));
}

test('a disk that is full leaves no half file in place, and all that is needed for another try', () => {
  switchOver();
  node.root.stub(
    'cp',
    'case "$2" in */before/daemon.json) printf half >"$3"; exit 1 ;; esac\nexec /bin/cp "$@"',
  );
  expect(node.root.run(undone).status).toBe(1);
  expect(config()).toBe('new');
  expect(node.root.read(`${layout.transaction}/before/daemon.json`)).toBe(BEFORE);
  node.root.stub('cp', 'exec /bin/cp "$@"');
  node.succeed(undone);
  expect(config()).toBe(BEFORE);
  expect(node.root.tree(layout.transaction)).toEqual({});
});

test('power that goes while the last is taken away leaves nothing that the next boot would undo once more', () => {
  node.upload({ ...NEW, 'origin.json': 'origin' });
  node.succeed(node.prepared('0001'), switched('0001'), confirmed('0001'));
  switchOver();
  node.root.stub(
    'rm',
    'case "$*" in "-rf "*/transaction) /bin/rm -rf "$2/before"; exit 1 ;; esac\nexec /bin/rm "$@"',
  );
  node.root.run(undone);
  expect(config()).toBe(BEFORE);
  const script = node.root.path(`${layout.transaction}/undo.sh`);
  expect(spawnSync('sh', [script, 'boot'], { encoding: 'utf8' }).status).toBe(LOST);
  expect(config()).toBe(BEFORE);
});

test('a daemon that does not start keeps live-restore in its file until it does', () => {
  node.startDaemon('dockerd');
  node.root.stub(
    'docker',
    '[ ! -e "${0%/stubs/*}/dead" ] || exit 1\ncase "$*" in *LiveRestore*) echo true ;; esac',
  );
  node.upload({
    ...{ ...NEW, 'daemon.json': 'new' },
    ...{ 'survive.json': 'survive', 'release.json': 'release', 'restart.json': 'survive' },
  });
  node.succeed(node.prepared('ab12'), switched('ab12'));
  node.root.write('/dead', '', 0o644);
  expect(node.root.run(undone).status).toBe(1);
  expect(config()).toBe('survive');
  spawnSync('rm', [node.root.path('/dead')]);
  node.succeed(undone);
  expect(config()).toBe(BEFORE);
}, 30_000);
