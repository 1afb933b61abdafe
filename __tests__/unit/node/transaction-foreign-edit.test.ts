import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { discard } from '../../../src/node/transaction.ts';
import { OVERTAKEN } from '../../../src/node/undo-script.ts';
import {
  CONFIG,
  NEW,
  ScriptedNode,
  confirmed,
  switched,
  transaction,
  undone,
} from '../../support/scripted-node.ts';

const node = ScriptedNode.use();
const EDITED = '{"debug":true,"edited":"by a person"}';
const edit = () => node.root.write(layout.daemonConfig, EDITED, 0o640);

beforeEach(() => {
  node.root.write(layout.daemonConfig, '{"debug":true}', 0o640);
  node.upload({ ...NEW, ...CONFIG });
  node.succeed(node.prepared('0001'), switched('0001'), confirmed('0001'));
});

describe('a file that a change does not touch, and somebody edits meanwhile,', () => {
  beforeEach(() => {
    node.upload(NEW);
    node.succeed(node.prepared('ab12'));
    edit();
  });

  test.each([
    ['by an undo', () => node.succeed(undone)],
    [
      'by an undo at boot',
      () => spawnSync('sh', [node.root.path(`${layout.transaction}/undo.sh`), 'boot'], { encoding: 'utf8' }),
    ],
  ])('stays edited %s', (_, undo) => {
    const before = node.root.tree('/etc/docker/shipyard-cluster/sets/0001');
    node.succeed(switched('ab12'));
    expect(node.root.tree(layout.current)[layout.current]).toBe('-> sets/ab12');
    undo();
    expect(node.root.read(layout.daemonConfig)).toBe(EDITED);
    expect(node.root.tree(layout.current)[layout.current]).toBe('-> sets/0001');
    expect(node.root.tree('/etc/docker/shipyard-cluster/sets/0001')).toEqual(before);
    expect(node.root.tree(layout.transaction)).toEqual({});
  });
});

describe('a change of a file that somebody', () => {
  beforeEach(() => {
    node.upload({ ...NEW, 'daemon.json': 'other config', 'default-docker': 'options' });
    node.succeed(node.prepared('ab12'));
  });

  test.each([
    ['edits', layout.daemonConfig, edit],
    ['takes away', layout.daemonConfig, () => spawnSync('rm', [node.root.path(layout.daemonConfig)])],
    ['makes', '/etc/default/docker', () => node.root.write('/etc/default/docker', 'new', 0o644)],
  ])('%s before its turn has come is not begun, and leaves nothing behind', (_, place, meanwhile) => {
    const sets = node.root.tree(layout.sets);
    meanwhile();
    const { [`${layout.sets}/ab12`]: prepared, ...rest } = sets;
    expect(prepared).toBeDefined();
    const before = node.root.tree();
    expect(node.root.run(switched('ab12'))).toMatchObject({
      status: OVERTAKEN,
      stderr: `${node.root.path(place)}\n`,
    });
    expect(node.root.tree()).toEqual(before);
    node.succeed(discard(transaction('ab12'), 1));
    expect(Object.keys(node.root.tree(layout.sets))).toEqual(
      Object.keys(rest).filter((path) => !path.includes('ab12')),
    );
    expect(node.root.tree(layout.transaction)).toEqual({});
  });
});
