import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { switchedOver } from '../../../src/node/confirm-given-back.ts';
import { layout } from '../../../src/node/layout.ts';
import { lockScript } from '../../../src/node/lock-script.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { confirm, discard, switchOver, type Transaction } from '../../../src/node/transaction.ts';
import { LOST } from '../../../src/node/undo-script.ts';
import {
  CONFIG,
  NEW,
  RECOVERY_LINK,
  ScriptedNode,
  confirmed,
  switched,
  undone,
} from '../../support/scripted-node.ts';

const node = ScriptedNode.use();
const removal: Transaction = { id: 'run removal', set: undefined, init: systemd, restart: true };
const given = switchOver(removal, { undoAfterSeconds: 180, startSeconds: 20, timeoutMs: 1000 });
const ended = confirm(removal, 1000);
const GONE = { 'override.conf.gone': '' };

test.each([
  ['switchOver', given],
  ['switchedOver', switchedOver(1)],
  ['confirm', ended],
  ['discard', discard({ set: undefined }, 1)],
])('%s is a shell script for root', (_, { text, asRoot }) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  expect({ status, stderr, asRoot }).toEqual({ status: 0, stderr: '', asRoot: true });
});

describe.each([
  ['without a daemon.json', undefined],
  ['with one of its own', '{"debug":true}'],
])('a node that began %s', (_, before) => {
  let origin: Readonly<Record<string, string>>;
  let setUp: Readonly<Record<string, string>>;

  beforeEach(() => {
    if (before !== undefined) node.root.write(layout.daemonConfig, before, 0o640);
    else node.root.write('/etc/docker/key.json', 'foreign', 0o600);
    node.root.write('/etc/systemd/system/docker.service.d/proxy.conf', 'foreign', 0o644);
    origin = node.root.tree();
    node.upload({ ...NEW, ...CONFIG });
    node.succeed(node.prepared('0001'), switched('0001'), confirmed('0001'));
    setUp = node.root.tree();
    node.upload({
      ...(before === undefined ? { 'daemon.json.gone': '' } : { 'daemon.json': before }),
      ...GONE,
    });
  });

  const prepared = () => node.preparedFor(removal);

  test('is as it was, and a run has nothing left to confirm or to undo', () => {
    node.succeed(prepared(), given, switchedOver(1), ended);
    expect(node.root.tree()).toEqual(origin);
    expect(node.root.run(undone).status).toBe(LOST);
    node.succeed(ended);
    expect(node.root.tree()).toEqual(origin);
  });

  test('keeps what undoes the change until it is confirmed', () => {
    node.succeed(prepared(), given);
    const between = node.root.tree();
    for (const path of [layout.recoverUnit, RECOVERY_LINK, layout.origin, `${layout.sets}/0001/key.pem`])
      expect(between).toHaveProperty([path]);
    for (const path of [layout.unitOverride, layout.current]) expect(between).not.toHaveProperty([path]);
  });

  test('is set up again by an undo, byte for byte', () => {
    node.succeed(prepared(), given, undone);
    expect(node.root.tree()).toEqual(setUp);
    expect(node.root.run(ended).status).toBe(LOST);
    expect(node.root.tree()).toEqual(setUp);
  });

  test('is set up again by the next boot', () => {
    node.succeed(prepared(), given);
    const script = node.root.path(`${layout.transaction}/undo.sh`);
    expect(spawnSync('sh', [script, 'boot'], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    expect(node.root.tree()).toEqual(setUp);
  });

  test('stays set up where the change is discarded', () => {
    node.succeed(prepared(), discard({ set: undefined }, 1));
    expect(node.root.tree()).toEqual(setUp);
  });

  test('is given back also where the confirm died on its way', () => {
    node.succeed(prepared(), given);
    spawnSync('mv', [
      `${node.root.path(layout.transaction)}/pending`,
      `${node.root.path(layout.transaction)}/confirmed`,
    ]);
    node.succeed(ended);
    expect(node.root.tree()).toEqual(origin);
  });
});

test('an undo keeps the record of a node whose link is lost, and the confirm does not take it for given back', () => {
  node.upload({ ...NEW, ...CONFIG, 'daemon.json': `{"tlskey":"${node.root.path(layout.current)}/key.pem"}` });
  node.succeed(node.prepared('0001'), switched('0001'), confirmed('0001'));
  spawnSync('rm', [node.root.path(layout.current)]);
  const before = node.root.tree();
  node.upload(GONE);
  node.succeed(node.preparedFor(removal), given, undone);
  expect(node.root.tree()).toEqual(before);
  expect(node.root.run(ended).status).toBe(LOST);
  expect(node.root.tree()).toEqual(before);
});

test('a switch that did not come to its end proves nothing', () => {
  node.upload({ ...NEW, ...CONFIG });
  node.succeed(node.prepared('0001'), switched('0001'), confirmed('0001'));
  node.upload(GONE);
  node.root.write('/broken', '', 0o644);
  node.succeed(node.preparedFor(removal));
  expect(node.root.run(given).status).toBe(1);
  expect(node.root.run(switchedOver(1))).toMatchObject({
    status: 1,
    stderr: 'the change did not come to its end\n',
  });
});

test('with nothing of ours on the node any more its locks go as well', () => {
  node.root.write('/run/other.lock', '', 0o644);
  node.root.run({ text: lockScript('run 1'), asRoot: true, timeoutMs: 1 });
  expect(Object.keys(node.root.tree('/run'))).toEqual(['/run', '/run/other.lock']);
});
