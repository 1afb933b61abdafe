import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { lockScript, UPLOAD_PREFIX } from '../../../src/node/lock-script.ts';
import { FakeRoot } from '../../support/fake-root.ts';

const HOLDER = 'https://github.example/runs/7 ab12';
const HOME = '/home/deploy';

let root: FakeRoot;
let started: Holder[];

beforeEach(() => {
  started = [];
  root = new FakeRoot({
    // The home directory of any user, below this root.
    getent: `echo "$2:x:0:0::$(cd "$(dirname "$0")/.." && pwd)/home/$2:/bin/sh"`,
    // Less patience than was asked for, which is noted.
    timeout: `echo "$1" >>"$(dirname "$0")/../patience"; shift; PATH=\${PATH#*:} exec timeout 0.8 "$@"`,
  });
});
afterEach(async () => {
  await Promise.all(started.map(({ end }) => end()));
  root.remove();
});

test('is a shell script', () => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: lockScript(HOLDER), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the first gets the lock; the second is told who holds it, and ends', async () => {
  const first = hold(HOLDER);
  expect(await first.firstLine).toBe('locked');
  const second = hold('another');
  expect(await second.firstLine).toBe(`held ${HOLDER}`);
  expect(await second.status).toBe(0);
  expect(first.process.exitCode).toBeNull();
});

test('a node without flock says so, and that nobody holds the lock', async () => {
  const { firstLine, status } = hold(
    HOLDER,
    (script) => `exec 2>/dev/null\n${script.replace(/PATH="[^"]*"/, `PATH="${root.path('/stubs')}"`)}`,
  );
  expect(await firstLine).toBe('flock is not installed');
  expect(await status).toBe(0);
});

test('a flock that fails in another way is no held lock', async () => {
  root.stub('flock', 'exit 71');
  expect(await hold(HOLDER).firstLine).toBe('flock ended with 71');
});

test.each(["it's $(touch x) `id` %s", 'größe'])('the holder is data: %j', async (holder) => {
  await hold(holder).firstLine;
  expect(await hold('another').firstLine).toBe(`held ${holder}`);
});

test('the end of its input ends it, and the next gets the lock under its own name', async () => {
  const first = hold(HOLDER);
  await first.firstLine;
  await first.end();
  expect(await hold('the next').firstLine).toBe('locked');
  expect(await hold('another').firstLine).toBe('held the next');
});

test('a line now and then keeps it, silence ends it', async () => {
  const first = hold(HOLDER);
  await first.firstLine;
  for (let beat = 0; beat < 5; beat += 1) {
    first.process.stdin?.write('\n');
    await sleep(300);
  }
  expect(first.process.exitCode).toBeNull();
  await first.status;
  expect(await hold('the next').firstLine).toBe('locked');
  expect(root.read('/patience')).toMatch(/^(60\n)+$/);
});

describe('at its end', () => {
  beforeEach(() => {
    root.write(`${HOME}/${UPLOAD_PREFIX}0123/key.pem`, 'key', 0o600);
    root.write(`${HOME}/.profile`, 'foreign', 0o600);
    root.write(`${layout.transaction}/next/daemon.json`, '{}', 0o600);
    root.write(`${layout.sets}/prepared/key.pem`, 'key', 0o600);
  });

  test('what was uploaded and prepared is gone, what is in use stays', async () => {
    root.write(`${layout.sets}/in-use/key.pem`, 'key', 0o600);
    root.write(layout.origin, '{}', 0o600);
    root.link(layout.current, 'sets/in-use');
    await held(HOLDER);
    expect(Object.keys(root.tree(layout.base))).toEqual([
      ...[layout.base, layout.current, layout.origin, layout.sets],
      ...[`${layout.sets}/in-use`, `${layout.sets}/in-use/key.pem`],
    ]);
    expect(Object.keys(root.tree(HOME))).toEqual([HOME, `${HOME}/.profile`]);
  });

  test('nothing of ours is left of a first set-up that was not begun', async () => {
    await held(HOLDER);
    expect(root.tree(layout.base)).toEqual({});
  });

  test.each(['pending', 'undoing'])('a change that is %s is not touched', async (marker) => {
    root.write(`${layout.transaction}/${marker}`, HOLDER, 0o600);
    const before = root.tree(layout.base);
    await held(HOLDER);
    expect(root.tree(layout.base)).toEqual(before);
    expect(Object.keys(root.tree(HOME))).toEqual([HOME, `${HOME}/.profile`]);
  });

  test('a script that is at work comes first', async () => {
    const first = hold(HOLDER);
    await first.firstLine;
    const work = spawn('flock', [root.path(layout.workLock), 'sh', '-c', 'echo at work; read -r end']);
    await once(createInterface(work.stdout), 'line');
    first.process.stdin?.end();
    await sleep(300);
    expect(Object.keys(root.tree(layout.transaction))).toContain(`${layout.transaction}/next/daemon.json`);
    root.write(`${layout.transaction}/pending`, HOLDER, 0o600);
    work.stdin.end();
    await first.status;
    expect(Object.keys(root.tree(layout.transaction))).toContain(`${layout.transaction}/next/daemon.json`);
  });

  test('one that did not get the lock takes nothing away', async () => {
    const first = hold(HOLDER);
    await first.firstLine;
    const before = [root.tree(layout.base), root.tree('/home')];
    await held('another');
    expect([root.tree(layout.base), root.tree('/home')]).toEqual(before);
  });
});

type Holder = {
  readonly process: ChildProcess;
  readonly firstLine: Promise<string>;
  readonly status: Promise<number | null>;
  readonly end: () => Promise<number | null>;
};

/** Starts the script as a host does: its text on the command line of `sh`, its input a pipe. */
function hold(holder: string, edit = (script: string) => script): Holder {
  const shell = spawn('sh', ['-c', edit(root.moved(lockScript(holder)))], {
    env: { PATH: process.env['PATH'], SUDO_USER: 'deploy' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  shell.stdin.on('error', () => undefined);
  const status = once(shell, 'close').then(([code]) => code as number | null);
  const firstLine = once(createInterface(shell.stdout), 'line').then(([line]) => String(line));
  const end = () => {
    shell.stdin.end();
    return status;
  };
  const holding = { process: shell, firstLine, status, end };
  started.push(holding);
  return holding;
}

async function held(holder: string): Promise<void> {
  const { firstLine, end } = hold(holder);
  await firstLine;
  await end();
}
