import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import ssh2 from 'ssh2';
import { SshHost } from '../../../src/adapters/ssh-host.ts';
import { Secret } from '../../../src/secret.ts';
import { listening } from './loopback.ts';
import { sshKey } from './ssh-server.ts';

/** Passwords that would do harm if a shell read them. */
const PASSWORD = "$(touch broken) '; exit 7 #%u";

let directory: string;
let server: Server;
let client: ssh2.Client;
let commands: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sudo-'));
  commands = [];
  const sshd = new ssh2.Server({ hostKeys: [sshKey().privateKey] }, serve);
  server = createServer((socket) => sshd.injectSocket(socket));
  const port = await listening(server);
  client = new ssh2.Client();
  client.on('error', () => undefined);
  client.connect({ host: '127.0.0.1', port, username: 'x', password: 'x' });
  await once(client, 'ready');
});
afterEach(() => {
  client.destroy();
  server.close();
  rmSync(directory, { recursive: true });
});

/** What sudo asks, and how often at most; then it says that it gives up. */
const ASKS = `
for try in 1 2 3; do
  printf '%s' "$prompt" >&2
  IFS= read -r answer || break
  echo "$answer" >>answers
  [ "$answer" != "$(cat password)" ] || exec "$@"
  echo 'Sorry, try again.' >&2
done
echo 'sudo: incorrect password attempts' >&2
exit 1`;

describe.each([
  ['that asks', ASKS],
  ['that asks after a lecture', `echo 'We trust you have received the usual lecture: root' >&2${ASKS}`],
  ['that does not ask', 'exec "$@"'],
])('with a sudo %s', (_, sudo) => {
  beforeEach(() => install(sudo));

  test('a script gets its own input and nothing else, and its result is its own', async () => {
    const script = { text: 'echo "out $0"; echo err >&2; exit 3', asRoot: true, timeoutMs: 5000 };
    expect(await host().run(script)).toEqual({ status: 3, stdout: 'out sh\n', stderr: 'err\n' });
    expect(await host().run({ ...script, text: 'cat; echo end' })).toMatchObject({ stdout: 'end\n' });
  });

  test('a script that is held gets its beats', async () => {
    const held = await host().hold("read -r beat; echo 'it beats'; cat >/dev/null", 10);
    expect(held.firstLine).toBe('it beats');
    held.release();
  });

  test('the password is in no command', async () => {
    await host().run({ text: ':', asRoot: true, timeoutMs: 5000 });
    expect(commands.join()).not.toContain('touch');
  });
});

test('a wrong password is told, and was tried once', async () => {
  install(ASKS);
  const wrong = host('wrong');
  const error = {
    name: 'ActionError',
    message: 'sudo on 10.0.0.11 refused ssh-sudo-password for deploy',
  };
  const script = { text: 'touch broken', asRoot: true, timeoutMs: 5000 };
  await expect(wrong.run(script)).rejects.toMatchObject(error);
  await expect(wrong.run(script)).rejects.toMatchObject(error);
  await expect(wrong.hold('touch broken', 10)).rejects.toMatchObject(error);
  expect(readFileSync(join(directory, 'answers'), 'utf8')).toBe('wrong\n');
});

test('a sudo that refuses for another reason is cited', async () => {
  install('echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1');
  await expect(host().run({ text: ':', asRoot: true, timeoutMs: 5000 })).rejects.toMatchObject({
    message: 'sudo on 10.0.0.11 did not let deploy become root: sudo: sorry, you must have a tty to run sudo',
    hint: expect.stringContaining('!requiretty'),
  });
});

test('a connection that is lost while sudo thinks is lost', async () => {
  install('kill -9 $PPID; sleep 1');
  const running = host().run({ text: ':', asRoot: true, timeoutMs: 5000 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.destroy();
  await expect(running).rejects.toMatchObject({ name: 'ConnectionLostError' });
});

function host(password = PASSWORD): SshHost {
  return new SshHost(client, { user: 'deploy', host: '10.0.0.11', port: 22 }, new Secret(password));
}

/** Puts a sudo on the server that behaves as this shell text, with the command as its arguments. */
function install(behaviour: string): void {
  const file = join(directory, 'sudo');
  writeFileSync(join(directory, 'password'), `${PASSWORD}\n`);
  writeFileSync(file, `#!/bin/sh\n[ "$1 $2 $4" = '-S -p --' ] || exit 9\nprompt=$3\nshift 4\n${behaviour}\n`);
  chmodSync(file, 0o755);
}

/** Runs commands as sshd does, with a shell of the user. */
function serve(connection: ssh2.Connection): void {
  connection.on('error', () => undefined);
  connection.on('authentication', (attempt) => attempt.accept());
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      commands.push(command);
      const channel = acceptExec().on('error', () => undefined);
      const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}` };
      const child = spawn('sh', ['-c', command], { cwd: directory, env, stdio: 'pipe' });
      child.stdin.on('error', () => undefined);
      channel.pipe(child.stdin);
      child.stdout.pipe(channel, { end: false });
      child.stderr.pipe(channel.stderr, { end: false });
      child.on('close', (code) => {
        channel.exit(code ?? 255);
        channel.end();
      });
    });
  });
}
