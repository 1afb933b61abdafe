import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import ssh2 from 'ssh2';
import { SshHost } from '../../../src/adapters/ssh-host.ts';
import { listening } from './loopback.ts';
import { sshKey } from './ssh-server.ts';

/** What the server does with a command, once it has read all of its input. */
type Command = (channel: ssh2.ServerChannel, command: string, connection: ssh2.Connection) => void;

const script = { text: 'echo hello', asRoot: true, timeoutMs: 2000 };
let server: Server;
let client: ssh2.Client;
let commands: string[];
let inputs: string[];
let act: Command;

beforeEach(async () => {
  commands = [];
  inputs = [];
  const sshd = new ssh2.Server({ hostKeys: [sshKey().privateKey] }, serve);
  server = createServer((socket) => {
    sshd.injectSocket(socket);
  });
  const port = await listening(server);
  client = new ssh2.Client();
  client.on('error', () => undefined);
  client.connect({ host: '127.0.0.1', port, username: 'x', password: 'x' });
  await once(client, 'ready');
});
afterEach(() => {
  client.destroy();
  server.close();
});

test.each([
  ['root', 'sh -s'],
  ['deploy', 'sudo -n -- sh -s'],
])('a script of %s is read by a shell for root, and its result is a value', async (user, command) => {
  act = (channel) => {
    channel.stderr.write('oops');
    channel.write('hello');
    channel.exit(3);
    channel.end();
  };
  expect(await host(user).run(script)).toEqual({ status: 3, stdout: 'hello', stderr: 'oops' });
  expect(commands).toEqual([command]);
  expect(inputs[0]).toContain('echo hello');
});

describe('a connection that ends', () => {
  test('while a script runs is lost, and known to be', async () => {
    act = (_channel, _command, connection) => connection.end();
    const lost = host();
    const closed = once(client, 'close');
    expect(lost.isOpen).toBe(true);
    await expect(lost.run(script)).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await closed;
    expect(lost.isOpen).toBe(false);
  });

  test('before a script is lost as well', async () => {
    const lost = host();
    const closed = once(client, 'close');
    client.end();
    await closed;
    await expect(lost.run(script)).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await expect(lost.hold('hold', 10)).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });
});

test('a script that does not end in time is an error, and no lost connection', async () => {
  act = () => undefined;
  await expect(host().run({ ...script, timeoutMs: 50 })).rejects.toMatchObject({
    name: 'ActionError',
    message: 'ssh: a command on 10.0.0.11 did not end within 0.05 s',
  });
});

describe('a script that is held', () => {
  test('is told by its first line, gets beats, and ends with its input', async () => {
    let beats = 0;
    const seen = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    act = (channel) => {
      channel.write('loc');
      channel.write('ked\nmore\n');
      channel.on('data', (data: Buffer) => {
        beats += data.toString().split('\n').length - 1;
        if (beats > 2) seen.resolve(undefined);
      });
      channel.on('end', () => {
        ended.resolve(undefined);
        channel.exit(0);
        channel.end();
      });
    };
    const held = await host('deploy').hold("echo 'it'", 10);
    expect(held.firstLine).toBe('locked');
    const [sudo = '', command = ''] = commands[0]?.split(' -- ') ?? [];
    expect([sudo, execFileSync('sh', ['-c', command]).toString()]).toEqual(['sudo -n', 'it\n']);
    await seen.promise;
    held.release();
    await ended.promise;
  });

  test('and ends without a line is told by an empty one', async () => {
    act = (channel) => {
      channel.exit(127);
      channel.end();
    };
    expect(await host().hold('x', 10)).toMatchObject({ firstLine: '' });
  });
});

function host(user = 'root'): SshHost {
  return new SshHost(client, { user, host: '10.0.0.11', port: 22 });
}

function serve(connection: ssh2.Connection): void {
  connection.on('error', () => undefined);
  connection.on('authentication', (attempt) => {
    attempt.accept();
  });
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec();
      commands.push(command);
      if (!command.endsWith('sh -s')) {
        act(channel, command, connection);
        return;
      }
      channel.on('data', (data: Buffer) => inputs.push(data.toString()));
      channel.on('end', () => {
        act(channel, command, connection);
      });
    });
  });
}
