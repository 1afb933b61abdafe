import { spawn, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import {
  confirm,
  discard,
  pendingChange,
  prepare,
  switchOver,
  undo,
  type Transaction,
} from '../../../src/node/transaction.ts';
import { LOST, undoScript } from '../../../src/node/undo-script.ts';
import type { RemoteScript } from '../../../src/ports/remote-host.ts';
import { FakeRoot } from '../../support/fake-root.ts';

const STUBS = {
  systemctl: `echo "$*" >>"$(dirname "$0")/../systemctl.log"
case "$*" in
  show*) if [ -e "$(dirname "$0")/../broken" ]; then echo SubState=auto-restart; else echo ActiveState=active; fi ;;
  restart*) [ ! -e "$(dirname "$0")/../dead" ] ;;
esac`,
  'systemd-run': 'echo "$*" >>"$(dirname "$0")/../systemd-run.log"',
  journalctl: 'echo "failed to start daemon: the last words"',
  timeout: 'shift; exec "$@"',
  docker: 'true',
  dockerd: `echo "$*" >>"$(dirname "$0")/../dockerd.log"; echo unable to configure >&2; [ ! -e "$(dirname "$0")/../invalid" ]`,
};
const UPLOAD = '/home/root/.shipyard-cluster-1';
const NEW = { 'ca.pem': 'new CA', 'cert.pem': 'new certificate', 'key.pem': 'new key' };
const CONFIG = {
  'daemon.json': 'new config',
  'override.conf': 'new override',
  'recover.service': 'recovery',
  'origin.json': 'origin',
};
const LIMITS = { undoAfterSeconds: 180, startSeconds: 1, timeoutMs: 1000 };

const transaction = (set: string): Transaction => ({ id: `run ${set}`, set, init: systemd });
const prepared = (set: string, options?: readonly string[]) =>
  prepare(transaction(set), root.path(UPLOAD), sums(UPLOAD), options, 1000);
const switched = (set: string) => switchOver(transaction(set), LIMITS);
const confirmed = (set: string) => confirm(transaction(set), 1000);
const undone = undo(systemd, 1000);

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot(STUBS);
});
afterEach(() => root.remove());

test.each([
  ['prepare', prepare(transaction('ab12'), '/x', '', ['--containerd=c.sock'], 1)],
  ['prepare without validation', prepare(transaction('ab12'), '/x', '', undefined, 1)],
  ['switchOver', switched('ab12')],
  ['confirm', confirmed('ab12')],
  ['undo', undone],
  ['discard', discard(transaction('ab12'), 1)],
  ['pendingChange', pendingChange(1)],
  ['the undo that lies on the node', { text: undoScript(systemd), asRoot: true }],
])('%s is a shell script for root', (_, { text, asRoot }) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  expect({ status, stderr, asRoot }).toEqual({ status: 0, stderr: '', asRoot: true });
});

describe('on a node without a set-up of ours', () => {
  beforeEach(() => {
    root.write(layout.daemonConfig, '{"debug":true}', 0o640);
    root.write('/etc/systemd/system/docker.service.d/proxy.conf', 'foreign', 0o644);
    root.write('/etc/systemd/system/multi-user.target.wants/ssh.service', 'foreign', 0o644);
    upload({ ...NEW, ...CONFIG });
  });

  test('prepare puts a private set beside what is in use, validates it and takes the upload away', () => {
    succeed(prepared('ab12', ['--containerd=c.sock']));
    expect(root.tree(layout.sets)).toEqual({
      [layout.sets]: '700 directory',
      [`${layout.sets}/ab12`]: '700 directory',
      [`${layout.sets}/ab12/ca.pem`]: '600 new CA',
      [`${layout.sets}/ab12/cert.pem`]: '600 new certificate',
      [`${layout.sets}/ab12/key.pem`]: '600 new key',
    });
    expect(root.tree(layout.base)).toMatchObject({
      [layout.base]: '700 directory',
      [layout.transaction]: '700 directory',
    });
    expect(root.tree(layout.current)).toEqual({});
    expect(root.read(layout.daemonConfig)).toBe('{"debug":true}');
    expect(root.tree(UPLOAD)).toEqual({});
    const checked = `${root.path(layout.transaction)}/next/validate.json`;
    expect(root.read('/dockerd.log')).toBe(`--validate --config-file ${checked} --containerd=c.sock\n`);
    expect(root.tree('/systemctl.log')).toEqual({});
  });

  test('a prepare that fails leaves nothing behind, the key least of all', () => {
    const before = root.tree();
    root.write('/invalid', '', 0o644);
    expect(root.run(prepared('ab12', []))).toMatchObject({ status: 1, stderr: 'unable to configure\n' });
    expect(root.tree(UPLOAD)).toEqual({});
    expect(root.tree()).toEqual(before);
  });

  test('an upload that was cut short is noticed, and leaves nothing behind', () => {
    const before = root.tree();
    const script = prepared('ab12');
    root.write(`${UPLOAD}/undo.sh`, '', 0o600);
    expect(root.run(script)).toMatchObject({ status: 1, stderr: expect.stringContaining('undo.sh: FAILED') });
    expect(root.tree()).toEqual(before);
  });

  test('switchOver arms the undo, puts everything in use and restarts the daemon with a fresh start count', () => {
    succeed(prepared('ab12'), switched('ab12'));
    expect(root.tree()).toMatchObject({
      [layout.current]: '-> sets/ab12',
      [layout.daemonConfig]: '640 new config',
      [layout.unitOverride]: '644 new override',
      [layout.recoverUnit]: '644 recovery',
      ['/etc/systemd/system/multi-user.target.wants/shipyard-cluster-recover.service']: `-> ${root.path(layout.recoverUnit)}`,
      [`${layout.transaction}/pending`]: '600 run ab12\n',
      [`${layout.transaction}/before`]: '700 directory',
      [`${layout.transaction}/before/daemon.json`]: '640 {"debug":true}',
    });
    expect(root.read('/systemd-run.log')).toContain('--on-active=180s --timer-property=AccuracySec=1s');
    expect(
      root
        .read('/systemctl.log')
        .split('\n')
        .filter((line) => !line.startsWith('show')),
    ).toEqual([
      'stop shipyard-cluster-undo.timer',
      'reset-failed shipyard-cluster-undo.service',
      'daemon-reload',
      'reset-failed docker.service docker.socket',
      'restart --no-block docker.service',
      '',
    ]);
    expect(root.run(pendingChange(1)).stdout).toBe('run ab12\n');
  });

  test('a daemon that does not start fails with its own last words', () => {
    root.write('/broken', '', 0o644);
    succeed(prepared('ab12'));
    expect(root.run(switched('ab12'))).toMatchObject({
      status: 1,
      stderr: 'failed to start daemon: the last words\n',
    });
  });

  test('undo leaves nothing behind', () => {
    const before = root.tree();
    succeed(prepared('ab12'), switched('ab12'), undone);
    expect(root.tree()).toEqual(before);
    expect(root.read('/systemctl.log').match(/^restart/gm)).toHaveLength(2);
  });

  test('undo restarts nothing where the daemon was not yet restarted', () => {
    const before = root.tree();
    succeed(prepared('ab12'));
    root.write(`${layout.transaction}/pending`, 'run ab12', 0o600);
    succeed(undone);
    expect(root.tree()).toEqual(before);
    expect(root.read('/systemctl.log')).not.toContain('restart');
  });

  test('undo at boot puts the files back and leaves the start to the boot', () => {
    const before = root.tree();
    succeed(prepared('ab12'), switched('ab12'));
    root.write('/systemctl.log', '', 0o644);
    const script = root.path(`${layout.transaction}/undo.sh`);
    expect(spawnSync('sh', [script, 'boot'], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    expect(root.tree()).toEqual(before);
    expect(root.read('/systemctl.log')).toBe('daemon-reload\n');
  });

  test('undo whose restart fails keeps what is needed to mend the node, and can be repeated', () => {
    const before = root.tree();
    succeed(prepared('ab12'), switched('ab12'));
    root.write('/dead', '', 0o644);
    expect(root.run(undone).status).toBe(1);
    expect(root.tree(layout.transaction)).toMatchObject({
      [`${layout.transaction}/undoing`]: '600 run ab12\n',
    });
    spawnSync('rm', [root.path('/dead')]);
    succeed(undone);
    expect(root.tree()).toEqual(before);
  });

  test('discard leaves nothing behind and restarts nothing, but never touches a change in progress', () => {
    const before = root.tree();
    succeed(prepared('ab12'), discard(transaction('ab12'), 1));
    expect(root.tree()).toEqual(before);
    expect(root.tree('/systemctl.log')).toEqual({});
    upload({ ...NEW, ...CONFIG });
    succeed(prepared('ab12'), switched('ab12'));
    const during = root.tree();
    succeed(discard(transaction('ab12'), 1));
    expect(root.tree()).toEqual(during);
  });

  test('a daemon.json that is a link stays one, and its target gets its content back', () => {
    spawnSync('rm', [root.path(layout.daemonConfig)]);
    root.write('/etc/docker/shared.json', '{"shared":true}', 0o600);
    root.link(layout.daemonConfig, 'shared.json');
    const before = root.tree();
    succeed(prepared('ab12'), switched('ab12'));
    expect(root.tree('/etc/docker')).toMatchObject({
      [layout.daemonConfig]: '-> shared.json',
      '/etc/docker/shared.json': '600 new config',
    });
    succeed(undone);
    expect(root.tree()).toEqual(before);
  });
});

describe('on a node of ours', () => {
  beforeEach(() => {
    upload({ 'ca.pem': 'old CA', 'cert.pem': 'old certificate', 'key.pem': 'old key', ...CONFIG });
    succeed(prepared('0001'), switched('0001'), confirmed('0001'));
  });

  test('confirm forgets old sets, what was kept, and the timer', () => {
    root.write(`${layout.sets}/dead/key.pem`, 'a key of an earlier crash', 0o600);
    upload(NEW);
    succeed(prepared('ab12'), switched('ab12'), confirmed('ab12'));
    expect(Object.keys(root.tree(layout.base))).toEqual([
      layout.base,
      layout.current,
      layout.origin,
      layout.sets,
      ...['', '/ca.pem', '/cert.pem', '/key.pem'].map((file) => `${layout.sets}/ab12${file}`),
    ]);
    expect(root.read('/systemctl.log').trim().split('\n').at(-1)).toBe('stop shipyard-cluster-undo.timer');
  });

  test('confirm may be repeated, and is lost after an undo', () => {
    upload(NEW);
    succeed(prepared('ab12'), switched('ab12'), confirmed('ab12'), confirmed('ab12'));
    upload(NEW);
    succeed(prepared('cd34'), switched('cd34'), undone);
    expect(root.run(confirmed('cd34')).status).toBe(LOST);
    expect(root.run(undone).status).toBe(LOST);
  });

  test('undo puts everything back byte for byte', () => {
    const before = root.tree();
    upload({ ...NEW, ...CONFIG, 'daemon.json': 'other config', 'override.conf': 'other override' });
    succeed(prepared('ab12'), switched('ab12'));
    expect(root.tree()).not.toEqual(before);
    succeed(undone);
    expect(root.tree()).toEqual(before);
  });

  test('a change that keeps the certificate keeps its set, whether it is confirmed or undone', () => {
    const set = root.tree(`${layout.sets}/0001`);
    for (const end of [undone, confirmed('0001')]) {
      upload({ 'daemon.json': 'other config' });
      succeed(prepared('0001'), switched('0001'), end);
      expect(root.tree(`${layout.sets}/0001`)).toEqual(set);
    }
    upload({ 'daemon.json': 'third config' });
    root.write('/invalid', '', 0o644);
    expect(root.run(prepared('0001', [])).status).toBe(1);
    expect(root.tree(`${layout.sets}/0001`)).toEqual(set);
  });

  test('of a confirm and an undo at the same moment exactly one wins', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      upload(NEW);
      const set = `a${round}`;
      const old = root.tree(layout.current)[layout.current];
      succeed(prepared(set), switched(set));
      const [first, second] =
        round % 2 === 0
          ? await Promise.all([start(confirmed(set)), start(undone)])
          : (await Promise.all([start(undone), start(confirmed(set))])).reverse();
      expect([first, second].sort()).toEqual([0, LOST]);
      expect(root.tree(layout.current)[layout.current]).toBe(first === 0 ? `-> sets/${set}` : old);
      expect(root.tree(layout.transaction)).toEqual({});
      outcomes.add(first === 0 ? 'confirmed' : 'undone');
    }
    expect(outcomes).toEqual(new Set(['confirmed', 'undone']));
  });
});

test.each(['a b', "it's", '$(touch /tmp/pwned)', '`id`', 'x;reboot', '-rf'])(
  'a set, an upload path and a run named %j are words and nothing more',
  (name) => {
    const word = name.replaceAll('/', '_');
    upload(NEW, `/home/${word}`);
    succeed(
      prepare(transaction(word), root.path(`/home/${word}`), sums(`/home/${word}`), [name], 1),
      switched(word),
    );
    expect(root.tree(layout.current)).toEqual({ [layout.current]: `-> sets/${word}` });
    expect(root.read('/dockerd.log')).toContain(` ${name}\n`);
    expect(root.run(pendingChange(1)).stdout).toBe(`run ${word}\n`);
  },
);

function upload(files: Readonly<Record<string, string>>, directory = UPLOAD): void {
  const always = { 'validate.json': 'check', 'undo.sh': root.moved(undoScript(systemd)) };
  for (const [name, content] of Object.entries({ ...always, ...files }))
    root.write(`${directory}/${name}`, content, 0o600);
}

/** By the machine's own sha256sum, with every file that was uploaded. */
function sums(directory: string): string {
  const { stdout } = spawnSync('sh', ['-c', 'cd "$1" && sha256sum -- *', 'sh', root.path(directory)], {
    encoding: 'utf8',
  });
  return stdout;
}

function succeed(...scripts: RemoteScript[]): void {
  for (const script of scripts) expect({ ...root.run(script), stdout: '' }).toMatchObject({ status: 0 });
}

/** Resolves to the exit status. */
function start({ text }: RemoteScript): Promise<number | null> {
  return new Promise((resolve) => {
    const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'] });
    shell.on('close', resolve);
    shell.stdin.end(`main() {\n${root.moved(text)}\n}\nmain </dev/null\n`);
  });
}
