import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { switchOver } from '../../../src/node/transaction.ts';
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
} from '../../support/scripted-node.ts';

const node = ScriptedNode.use();

beforeEach(() => node.uploadFirst());

test('switchOver has what undoes at boot in place before it arms the undo or puts anything in use', () => {
  const before = node.root.tree();
  node.root.stub('systemd-run', 'exit 1');
  node.succeed(node.prepared('ab12'));
  const prepared = node.root.tree();
  expect(node.root.run(switched('ab12')).status).toBe(1);
  expect(node.root.tree()).toEqual({
    ...prepared,
    [layout.recoverUnit]: '644 recovery',
    [RECOVERY_LINK]: `-> ${node.root.path(layout.recoverUnit)}`,
    [`${layout.transaction}/pending`]: '600 run ab12\n',
  });
  const script = node.root.path(`${layout.transaction}/undo.sh`);
  expect(spawnSync('sh', [script, 'boot'], { encoding: 'utf8' })).toMatchObject({ status: 0 });
  expect(node.root.tree()).toEqual(before);
});

test.each([
  ['a renewal', transaction('cd34')],
  ['a removal', { id: 'run removal', set: undefined, init: systemd, restart: true }],
])('what undoes at boot is enabled again before %s, where somebody has disabled it', (_, change) => {
  node.succeed(node.prepared('ab12'), switched('ab12'), confirmed('ab12'));
  spawnSync('rm', [node.root.path(RECOVERY_LINK)]);
  node.root.stub('systemd-run', 'exit 1');
  node.upload(change.set === undefined ? { 'override.conf.gone': '' } : NEW);
  node.succeed(node.preparedFor(change));
  expect(node.root.run(switchOver(change, LIMITS)).status).toBe(1);
  expect(node.root.tree(RECOVERY_LINK)).toEqual({
    [RECOVERY_LINK]: `-> ${node.root.path(layout.recoverUnit)}`,
  });
});

test('a prepare leaves a change alone that is in progress', () => {
  node.succeed(node.prepared('ab12'), switched('ab12'));
  node.upload({ ...NEW, ...CONFIG });
  const during = node.root.tree(layout.base);
  expect(node.root.run(node.prepared('cd34'))).toMatchObject({
    status: 1,
    stderr: 'another change of the node is in progress\n',
  });
  expect(node.root.tree(layout.base)).toEqual(during);
  expect(node.root.tree(UPLOAD)).toEqual({});
});
