import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { sysv } from '../../../src/node/sysv.ts';
import { SysvRoot } from '../../support/sysv-root.ts';

const UNDO = `${layout.transaction}/undo.sh`;
const ARMED = '/run/shipyard-cluster-undo.pid';

let root: SysvRoot;
beforeEach(() => {
  root = new SysvRoot();
});
afterEach(() => root.remove());

const until = async (condition: () => boolean): Promise<boolean> => {
  for (let tries = 200; tries > 0 && !condition(); tries--) await sleep(50);
  return condition();
};

describe('a restart', () => {
  test('stops the daemon, starts another, and ends when that is ready', () => {
    const before = root.startDaemon();
    expect(root.do(sysv.restart)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(root.daemon()).toMatch(/^\d+$/);
    expect(root.daemon()).not.toBe(before);
    expect(root.read('/service.log')).toBe('docker stop\ndocker start\n'.repeat(2));
  });

  test('that is begun goes on by itself, and who waits for it waits for the new daemon', () => {
    const before = root.startDaemon();
    expect(root.do(`umask 077\n${sysv.begin}\n${sysv.wait(20)}`)).toMatchObject({ status: 0, stdout: '' });
    expect(root.daemon()).toMatch(/^\d+$/);
    expect(root.daemon()).not.toBe(before);
  });

  test('gives the daemon neither our mask nor our locks', () => {
    const lock = 'exec 7>>/run/work.lock 8>>/run/undo.lock 9>>/run/node.lock\numask 077';
    for (const restart of [sysv.restart, `${sysv.begin}\n${sysv.wait(20)}`]) {
      expect(root.do(`${lock}\n${restart}`).status).toBe(0);
      expect(root.read('/inherited')).toBe('0022\n');
    }
  });

  test('ends a daemon by force that does not end otherwise', async () => {
    root.write('/stubborn', '', 0o644);
    const before = root.startDaemon();
    expect(root.do(sysv.restart).status).toBe(0);
    expect(root.daemon()).not.toBe(before);
    expect(await until(() => !existsSync(`/proc/${before}`))).toBe(true);
  });

  test('kills no other process whose number is in a file that was left behind', () => {
    const other = spawnSync('sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo $!'], { encoding: 'utf8' });
    const pid = Number(other.stdout);
    root.write('/var/run/docker.pid', `${pid}\n`, 0o644);
    root.stub('service', 'true');
    expect(root.do(`${sysv.begin}\n${sysv.wait(20)}`).status).toBe(1);
    root.do(sysv.unblock);
    expect(process.kill(pid, 'SIGTERM')).toBe(true);
  });
});

describe('to wait', () => {
  test('fails as soon as the daemon is gone, long before time is up', () => {
    root.write('/broken', '', 0o644);
    const start = performance.now();
    expect(root.do(`${sysv.begin}\n${sysv.wait(60)}`).status).toBe(1);
    expect(performance.now() - start).toBeLessThan(25_000);
  });

  test('fails when time is up for a daemon that runs and does not answer, which can be ended', async () => {
    root.startDaemon();
    root.write('/mute', '', 0o644);
    expect(root.do(sysv.wait(1)).status).toBe(1);
    expect(root.daemon()).toBeDefined();
    expect(root.do(sysv.unblock).status).toBe(0);
    expect(await until(() => root.daemon() === undefined)).toBe(true);
  });

  test('and to end what hangs spares a daemon that answers', () => {
    const pid = root.startDaemon();
    expect(root.do(`${sysv.wait(5)}\n${sysv.unblock}`).status).toBe(0);
    expect(root.daemon()).toBe(pid);
  });
});

describe('an undo that is armed', () => {
  beforeEach(() => root.write(UNDO, `echo undone >>${root.path('/undo.log')}\necho told\n`, 0o600));
  const undone = () => existsSync(root.path('/undo.log'));

  test('runs by itself when its time has come, holds no lock of ours, and says what it does', async () => {
    const held = `exec 7>>/run/work.lock\nflock 7\n${sysv.arm(UNDO, 30)}\nls -l /proc/$(cat ${ARMED})/fd`;
    const { status, stdout } = root.do(held);
    expect(status).toBe(0);
    expect(stdout).not.toContain('work.lock');
    expect(await until(undone)).toBe(true);
    expect(await until(() => root.read('/run/shipyard-cluster-undo.log') === 'told\n')).toBe(true);
    expect(existsSync(root.path(ARMED))).toBe(false);
  });

  test('does not run where it was disarmed, and its process is gone', async () => {
    const { stdout, status } = root.do(`${sysv.arm(UNDO, 30)}\ncat ${ARMED}\n${sysv.disarm}`);
    expect(status).toBe(0);
    expect(await until(() => !existsSync(`/proc/${stdout.trim()}`))).toBe(true);
    await sleep(1000);
    expect(undone()).toBe(false);
  });

  test('runs once where it was armed twice', async () => {
    expect(root.do(`${sysv.arm(UNDO, 30)}\n${sysv.arm(UNDO, 30)}`).status).toBe(0);
    expect(await until(undone)).toBe(true);
    await sleep(1000);
    expect(root.read('/undo.log')).toBe('undone\n');
  });

  test('can be disarmed where there is none', () => {
    expect(root.do(sysv.disarm)).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the init scripts', () => {
  const call = (text: string, ...words: string[]) =>
    spawnSync('sh', ['-c', root.moved(text), 'script', ...words], { encoding: 'utf8' });
  const told = `#!/bin/sh\necho "undo $*"\n`;

  test.each(['pending', 'undoing'])('undo at boot what is %s, before Docker starts', (marker) => {
    root.write(UNDO, told, 0o600);
    root.write(`${layout.transaction}/${marker}`, 'run', 0o600);
    expect(call(sysv.recovery.text, 'start')).toMatchObject({ status: 0, stdout: 'undo boot\n' });
    expect(call(sysv.recovery.text, 'stop')).toMatchObject({ status: 0, stdout: '' });
  });

  test('undo with a restart where Docker was faster', () => {
    root.startDaemon();
    root.write(UNDO, told, 0o600);
    root.write(`${layout.transaction}/pending`, 'run', 0o600);
    expect(call(sysv.recovery.text, 'start')).toMatchObject({ status: 0, stdout: 'undo \n' });
  });

  test('leave alone what was confirmed, or is not there', () => {
    expect(call(sysv.recovery.text, 'start')).toMatchObject({ status: 0, stdout: '' });
    root.write(UNDO, told, 0o600);
    root.write(`${layout.transaction}/confirmed`, 'run', 0o600);
    expect(call(sysv.recovery.text, 'start')).toMatchObject({ status: 0, stdout: '' });
  });

  test('load the firewall rules, and never take them away', () => {
    const { text } = sysv.firewall;
    expect(call(text, 'start')).toMatchObject({ status: 0, stdout: '' });
    root.write(layout.firewall, 'echo "$*"', 0o600);
    for (const word of ['start', 'restart', 'reload', 'force-reload'])
      expect({ word, ...call(text, word) }).toMatchObject({ word, status: 0, stdout: 'load\n' });
    for (const word of ['stop', 'status', ''])
      expect({ word, ...call(text, word) }).toMatchObject({ word, status: 0, stdout: '' });
  });
});

test('the links of the runlevels follow the scripts that are there', () => {
  root.write(layout.recoverScript, '', 0o755);
  expect(root.do(sysv.reloadUnits)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(root.read('/links.log')).toBe(
    'update-rc.d shipyard-cluster-recover defaults\nupdate-rc.d -f shipyard-cluster-firewall remove\n',
  );
});

test('the same where Red Hat has chkconfig, and a failure of it is none of the change', () => {
  root.write('/only/chkconfig', '#!/bin/sh\necho "$*" >>"${0%/*}/log"\nexit 1\n', 0o755);
  root.write(layout.firewallInit, '', 0o755);
  const { status } = root.do(`PATH=${root.path('/only')}\n${sysv.reloadUnits}`);
  expect(status).toBe(0);
  expect(root.read('/only/log')).toBe('--del shipyard-cluster-recover\n--add shipyard-cluster-firewall\n');
});

test('the last words of the daemon are those of whichever log there is', () => {
  expect(root.do(sysv.lastLog)).toMatchObject({ status: 0, stdout: '' });
  root.write('/var/log/upstart/docker.log', Array.from({ length: 20 }, (_, n) => `${n}\n`).join(''), 0o644);
  expect(root.do(sysv.lastLog).stdout).toMatch(/^8\n[^]*\n19\n$/);
});
// On Debian `sh` is dash; where Red Hat has init scripts it is bash.
test('bash does the same', () => {
  root.remove();
  root = new SysvRoot('bash');
  root.write(UNDO, 'echo undone >&2', 0o600);
  const before = root.startDaemon();
  const change = `umask 077\n${sysv.arm(UNDO, 600)}\n${sysv.begin}\n${sysv.wait(20)}\n${sysv.disarm}\n${sysv.unblock}`;
  expect(root.do(change)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(root.daemon()).toMatch(/^\d+$/);
  expect(root.daemon()).not.toBe(before);
  expect(root.read('/inherited')).toBe('0022\n');
  expect(root.read('/run/shipyard-cluster-undo.log')).toBe('');
});
