import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { discard } from '../../../src/node/transaction.ts';
import { OVERTAKEN } from '../../../src/node/undo-script.ts';
import {
  NEW,
  ScriptedNode,
  UPLOAD,
  confirmed,
  switched,
  transaction,
  undone,
} from '../../support/scripted-node.ts';

const node = ScriptedNode.use();
const EDITED = '{"debug":true,"edited":"by a person"}';
const edit = () => node.root.write(layout.daemonConfig, EDITED, 0o640);

beforeEach(() => {
  node.uploadFirst();
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

describe('a change that was planned from another text than lies there', () => {
  const DEFAULTS = '/etc/default/docker';
  const readAs = (read: string, defaults = '') =>
    node.preparedFor(transaction('ab12'), undefined, undefined, {
      'daemon.json': sha256(read),
      'default-docker': defaults === '' ? '' : sha256(defaults),
    });

  test.each([
    ['edited', layout.daemonConfig, edit],
    ['taken away', layout.daemonConfig, () => spawnSync('rm', [node.root.path(layout.daemonConfig)])],
    ['made', DEFAULTS, () => node.root.write(DEFAULTS, 'new', 0o644)],
  ])('since that was %s is not prepared, and leaves nothing behind', (_, place, meanwhile) => {
    const read = node.root.read(layout.daemonConfig);
    meanwhile();
    const before = node.root.tree();
    node.upload({ ...NEW, 'daemon.json': 'other config', 'default-docker': 'options' });
    expect(node.root.run(readAs(read))).toMatchObject({
      status: OVERTAKEN,
      stderr: `${node.root.path(place)}\n`,
    });
    expect(node.root.tree()).toEqual(before);
    expect(node.root.tree(UPLOAD)).toEqual({});
  });

  test('is prepared where it is the text that was read, to the byte, or nothing of that file is changed', () => {
    const read = node.root.read(layout.daemonConfig);
    node.root.write(DEFAULTS, 'A=1\n\n', 0o644);
    node.upload({ ...NEW, 'daemon.json': 'other config', 'default-docker': 'options' });
    node.succeed(readAs(read, 'A=1\n\n'), discard(transaction('ab12'), 1));
    node.root.write(DEFAULTS, '', 0o644);
    node.upload({ ...NEW, 'default-docker': 'options' });
    node.succeed(readAs('of nobody'));
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

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
