import { beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { switchOver } from '../../../src/node/transaction.ts';
import { CONFIG, NEW, ScriptedNode, switched, transaction, undone } from '../../support/scripted-node.ts';

const node = ScriptedNode.use();
const LINK = '/etc/systemd/system/multi-user.target.wants/shipyard-cluster-firewall.service';
const LIMITS = { undoAfterSeconds: 180, startSeconds: 20, timeoutMs: 1000 };
/** A change of the firewall alone: the daemon does not start anew. */
const filtered = switchOver({ ...transaction('ab12'), restart: false }, LIMITS);

/** A script of rules that only notes, beside what systemctl was told, how it is called. */
function script(name: string, state = ''): string {
  return `echo "${name} $1" >>${node.root.path('/systemctl.log')}
[ "$1" != state ] || echo "${state}"
[ ! -e ${node.root.path('/refused')} ]`;
}

/** What was called, but for questions. */
function calls(): readonly string[] {
  const log = node.root.read('/systemctl.log').split('\n');
  return log.filter((line) => line !== '' && !/^(?:show|stop|reset-failed|kill|list-jobs)/.test(line));
}

const rules = () => ({ 'filter.sh': script('new'), 'firewall.sh': 'new rules', 'firewall.service': 'unit' });

function installed(state: string): void {
  node.root.write(layout.firewall, script('old', state), 0o644);
  node.root.write(layout.firewallUnit, 'old unit', 0o644);
  node.root.write('/etc/systemd/system/multi-user.target.wants/ssh.service', '', 0o644);
  node.root.link(LINK, node.root.path(layout.firewallUnit));
  node.root.write(`${layout.sets}/ab12/cert.pem`, 'certificate', 0o600);
  node.root.link(layout.current, 'sets/ab12');
  const text = `chmod 0700 ${layout.base} ${layout.sets}`;
  node.succeed({ text, asRoot: true, timeoutMs: 1000 });
}

describe('on a node without rules of ours', () => {
  beforeEach(() => {
    node.root.write(layout.daemonConfig, '{}', 0o644);
    node.root.write('/etc/systemd/system/multi-user.target.wants/ssh.service', '', 0o644);
    node.upload({ ...NEW, ...CONFIG, ...rules() });
  });

  test('they are checked before anything is changed', () => {
    const before = node.root.tree();
    node.root.write('/refused', '', 0o644);
    expect(node.root.run(node.prepared('ab12'))).toMatchObject({ status: 1 });
    expect(node.root.tree()).toEqual(before);
    expect(calls()).toEqual(['new check']);
  });

  test('they hold before the daemon starts anew, and are loaded at boot from then on', () => {
    node.succeed(node.prepared('ab12'), switched('ab12'));
    expect(calls()).toEqual([
      ...['new check', 'daemon-reload', 'new load', 'daemon-reload', 'restart --no-block docker.service'],
    ]);
    expect(node.root.tree()).toMatchObject({
      [layout.firewall]: '644 new rules',
      [layout.firewallUnit]: '644 unit',
      [LINK]: `-> ${node.root.path(layout.firewallUnit)}`,
    });
  });

  test('rules that cannot be loaded fail the change, and nothing restarts', () => {
    node.succeed(node.prepared('ab12'));
    node.root.write('/refused', '', 0o644);
    expect(node.root.run(switched('ab12'))).toMatchObject({
      status: 1,
      stderr: 'the firewall rules could not be put in force\n',
    });
    expect(calls()).not.toContain('restart --no-block docker.service');
  });

  test('an undo takes them away, once the daemon serves what it did before', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), switched('ab12'), undone);
    expect(node.root.tree()).toEqual(before);
    expect(calls().slice(-3)).toEqual(['restart docker.service', 'new unload', 'daemon-reload']);
  });

  test('an undo that cannot take them away is no success, and can be repeated', () => {
    const before = node.root.tree();
    node.succeed(node.prepared('ab12'), switched('ab12'));
    node.root.write('/refused', '', 0o644);
    expect(node.root.run(undone).status).toBe(1);
    node.root.stub('sync', `rm -f ${node.root.path('/refused')}`);
    node.succeed(undone);
    expect(node.root.tree()).toEqual(before);
  });
});

describe('on a node with rules of ours', () => {
  test('a change of the firewall alone restarts nothing', () => {
    installed('in-force');
    node.upload(rules());
    node.succeed(node.prepared('ab12'), filtered);
    expect(calls()).toEqual(['new check', 'old state', 'new load', 'daemon-reload']);
    expect(node.root.read(layout.firewall)).toBe('new rules');
    expect(node.root.tree(layout.current)).toEqual({ [layout.current]: '-> sets/ab12' });
  });

  test.each([
    ['in-force', ['old load', 'daemon-reload']],
    ['not-loaded', ['old park', 'daemon-reload']],
    ['', ['daemon-reload', 'new unload']],
  ])('an undo of one that found them %j does: %j', (state, last) => {
    installed(state);
    const before = node.root.tree();
    node.upload(rules());
    node.succeed(node.prepared('ab12'), filtered, undone);
    expect(calls().slice(-2)).toEqual(last);
    expect(node.root.tree()).toEqual(before);
  });

  test('an undo that restarts the daemon brings them back before it', () => {
    installed('in-force');
    node.upload(rules());
    node.succeed(node.prepared('ab12'), switched('ab12'), undone);
    expect(calls().slice(-3)).toEqual(['old load', 'daemon-reload', 'restart docker.service']);
  });

  test('files that go take with them what points to them; an undo brings all back', () => {
    installed('in-force');
    const before = node.root.tree();
    node.upload({ 'filter.sh': script('new'), 'firewall.sh.gone': '', 'firewall.service.gone': '' });
    node.succeed(node.prepared('ab12'), filtered);
    expect(node.root.tree(layout.firewall)).toEqual({});
    expect(node.root.tree(layout.firewallUnit)).toEqual({});
    expect(node.root.tree(LINK)).toEqual({});
    node.succeed(undone);
    expect(node.root.tree()).toEqual(before);
  });

  test('they go after the daemon has closed the port of a node that is given back', () => {
    installed('in-force');
    node.upload({ 'filter.sh': script('new'), 'firewall.sh.gone': '', 'firewall.service.gone': '' });
    const givenBack = switchOver({ ...transaction('ab12'), set: undefined }, LIMITS);
    node.succeed(node.prepared('ab12'), givenBack);
    expect(calls().slice(-3)).toEqual(['restart --no-block docker.service', 'old state', 'new load']);
  });
});
