import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { pendingChange } from '../../../src/node/transaction.ts';
import { LOST } from '../../../src/node/undo-script.ts';
import { CONFIG, NEW, ScriptedNode, confirmed, switched, undone } from '../../support/scripted-node.ts';

const node = ScriptedNode.use();

describe('on a node of ours', () => {
  beforeEach(() => {
    node.upload({ 'ca.pem': 'old CA', 'cert.pem': 'old certificate', 'key.pem': 'old key', ...CONFIG });
    node.succeed(node.prepared('0001'), switched('0001'), confirmed('0001'));
  });

  test('confirm forgets old sets, what was kept, and the timer', () => {
    node.root.write(`${layout.sets}/dead/key.pem`, 'a key of an earlier crash', 0o600);
    node.upload(NEW);
    node.succeed(node.prepared('ab12'), switched('ab12'), confirmed('ab12'));
    expect(Object.keys(node.root.tree(layout.base))).toEqual([
      layout.base,
      layout.current,
      layout.origin,
      layout.sets,
      ...['', '/ca.pem', '/cert.pem', '/key.pem'].map((file) => `${layout.sets}/ab12${file}`),
    ]);
    expect(node.root.read('/systemctl.log').trim().split('\n').at(-1)).toBe(
      'stop shipyard-cluster-undo.timer',
    );
  });

  test('confirm may be repeated, and is lost after an undo', () => {
    node.upload(NEW);
    node.succeed(node.prepared('ab12'), switched('ab12'), confirmed('ab12'), confirmed('ab12'));
    node.upload(NEW);
    node.succeed(node.prepared('cd34'), switched('cd34'), undone);
    expect(node.root.run(confirmed('cd34')).status).toBe(LOST);
    // One that keeps the set cannot be told by the set.
    node.upload({ 'daemon.json': 'other config' });
    node.succeed(node.prepared('ab12'), switched('ab12'), undone);
    expect(node.root.run(confirmed('ab12')).status).toBe(LOST);
    expect(node.root.run(undone).status).toBe(LOST);
  });

  test('undo puts everything back byte for byte', () => {
    const before = node.root.tree();
    node.upload({ ...NEW, ...CONFIG, 'daemon.json': 'other config', 'override.conf': 'other override' });
    node.succeed(node.prepared('ab12'), switched('ab12'));
    expect(node.root.tree()).not.toEqual(before);
    node.succeed(undone);
    expect(node.root.tree()).toEqual(before);
  });

  test('a change that keeps the certificate keeps its set, whether it is confirmed or undone', () => {
    const set = node.root.tree(`${layout.sets}/0001`);
    for (const end of [undone, confirmed('0001')]) {
      node.upload({ 'daemon.json': 'other config' });
      node.succeed(node.prepared('0001'), switched('0001'), end);
      expect(node.root.tree(`${layout.sets}/0001`)).toEqual(set);
    }
    node.upload({ 'daemon.json': 'third config' });
    node.root.write('/invalid', '', 0o644);
    expect(node.root.run(node.prepared('0001', [])).status).toBe(1);
    expect(node.root.tree(`${layout.sets}/0001`)).toEqual(set);
  });

  test('a change of the CAs alone takes certificate and key from the set in use; an undo leaves that as it was', () => {
    const before = node.root.tree(layout.sets);
    node.upload({ 'ca.pem': 'both CAs' });
    node.succeed(node.prepared('0001-ab'), switched('0001-ab'));
    const own = { 'cert.pem': `600 ${node.root.read(`${layout.sets}/0001/cert.pem`)}` };
    expect(node.root.tree(`${layout.sets}/0001-ab`)).toEqual({
      [`${layout.sets}/0001-ab`]: '700 directory',
      [`${layout.sets}/0001-ab/ca.pem`]: '600 both CAs',
      [`${layout.sets}/0001-ab/cert.pem`]: own['cert.pem'],
      [`${layout.sets}/0001-ab/key.pem`]: `600 ${node.root.read(`${layout.sets}/0001/key.pem`)}`,
    });
    node.succeed(undone);
    expect(node.root.tree(layout.sets)).toMatchObject(before);
    expect(node.root.tree(layout.current)[layout.current]).toBe('-> sets/0001');
    node.upload({ 'ca.pem': 'both CAs' });
    node.succeed(node.prepared('0001-cd'), switched('0001-cd'), confirmed('0001-cd'));
    expect(Object.keys(node.root.tree(layout.sets))).toHaveLength(5);
    expect(node.root.tree(layout.current)[layout.current]).toBe('-> sets/0001-cd');
  });

  test('of a confirm and an undo at the same moment exactly one wins', async () => {
    const outcomes = new Set<string>();
    // Later and later, so that on any machine each is first at some time.
    for (let round = 0; round < 40 && (round < 8 || outcomes.size < 2); round += 1) {
      node.upload(NEW);
      const set = `a${round}`;
      const old = node.root.tree(layout.current)[layout.current];
      node.succeed(node.prepared(set), switched(set));
      const [first, second] =
        round % 2 === 0
          ? await Promise.all([node.start(confirmed(set)), node.start(undone)])
          : await Promise.all([sleep(10 * round).then(() => node.start(confirmed(set))), node.start(undone)]);
      expect([first, second].sort()).toEqual([0, LOST]);
      expect(node.root.tree(layout.current)[layout.current]).toBe(first === 0 ? `-> sets/${set}` : old);
      expect(node.root.tree(layout.transaction)).toEqual({});
      outcomes.add(first === 0 ? 'confirmed' : 'undone');
    }
    expect(outcomes).toEqual(new Set(['confirmed', 'undone']));
  }, 120_000);

  test('an undo is lost whose script a confirm takes away at the moment at which it begins', () => {
    node.upload(NEW);
    node.succeed(node.prepared('ab12'), switched('ab12'));
    const script = node.root.path(`${layout.transaction}/undo.sh`);
    node.root.stub(
      'sh',
      `cd '${node.root.path(layout.transaction)}'; rm pending undo.sh; exec /bin/sh '${script}'`,
    );
    expect(node.root.run(undone).status).toBe(LOST);
  });
});

test.each(['a b', "it's", '$(touch /tmp/pwned)', '`id`', 'x;reboot', '-rf'])(
  'a set, an upload path and a run named %j are words and nothing more',
  (name) => {
    const word = name.replaceAll('/', '_');
    node.upload(NEW, `/home/${word}`);
    node.succeed(node.prepared(word, [name], `/home/${word}`), switched(word));
    expect(node.root.tree(layout.current)).toEqual({ [layout.current]: `-> sets/${word}` });
    expect(node.root.read('/dockerd.log')).toContain(` ${name}\n`);
    expect(node.root.run(pendingChange(1)).stdout).toBe(`run ${word}\n`);
  },
);
