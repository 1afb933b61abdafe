import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type ssh2 from 'ssh2';
import { upload } from '../../../src/adapters/sftp-upload.ts';
import { directly } from '../../../src/adapters/ssh-jump.ts';
import { logIn } from '../../../src/adapters/ssh-login.ts';
import { listening } from './loopback.ts';
import { offerSftp, type Interlude } from './sftp-server.ts';
import { credentials, serveSsh, sshKey, type SshKey } from './ssh-server.ts';

const files = ['a', 'b', 'c'].map((name) => ({ name, content: Buffer.from(`content of ${name}`) }));
let key: SshKey;
let root: string;
let journal: string[];
let before: Interlude;
let server: Server;
let socket: Socket | undefined;
let client: ssh2.Client;

beforeAll(() => {
  key = sshKey();
});
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sftp-'));
  journal = [];
  before = () => undefined;
  client = await connected(
    serveSsh(
      key,
      true,
      offerSftp(root, journal, (request) => before(request)),
    ),
  );
});
afterEach(() => {
  client.end();
  server.close();
  rmSync(root, { recursive: true });
});

test('a directory of ours alone, with the files in it, each of ours alone', async () => {
  expect(await uploaded()).toBe('/home/user/new');
  expect(modeOf('new')).toBe('700');
  for (const { name, content } of files) {
    expect(readFileSync(join(root, 'new', name))).toEqual(content);
    expect(modeOf(`new/${name}`)).toBe('600');
  }
});

describe('nothing of ours stays when', () => {
  test('one file cannot be written: the others are waited for, and then removed', async () => {
    before = (request) =>
      request === 'open b'
        ? Promise.reject(new Error())
        : request === 'write a'
          ? setTimeout(200)
          : undefined;
    await expect(uploaded()).rejects.toMatchObject({
      name: 'ActionError',
      message: expect.stringMatching(/^sftp: cannot write to new in the login directory: .*Failure/),
    });
    expect(journal.indexOf('write a')).toBeGreaterThan(0);
    expect(journal.indexOf('write a')).toBeLessThan(journal.indexOf('opendir new'));
    expect(readdirSync(root)).toEqual([]);
  });

  test.each(['realpath .', 'mkdir new'])('%s fails', async (step) => {
    before = (request) => (request === step ? Promise.reject(new Error()) : undefined);
    await expect(uploaded()).rejects.toMatchObject({ name: 'ActionError' });
    expect(readdirSync(root)).toEqual([]);
  });
});

test('a directory that was there already is not ours to remove', async () => {
  mkdirSync(join(root, 'new'));
  await expect(uploaded()).rejects.toMatchObject({ name: 'ActionError' });
  expect(readdirSync(root)).toEqual(['new']);
});

describe('an upload that takes too long', () => {
  test.each([
    ['sftp', 'opening the session'],
    ['realpath .', 'finding the login directory'],
    ['mkdir new', 'making the directory'],
    ['open b', 'writing b'],
    ['write c', 'writing c'],
    ['close a', 'writing a'],
  ])('because the host stalls at %s is told with the step, and nothing more is sent', async (step, at) => {
    let goOn: (() => void) | undefined;
    before = (request) => (request === step ? new Promise((resolve) => void (goOn = resolve)) : undefined);
    await expect(uploaded(1000)).rejects.toMatchObject(tooLate(at));
    const sent = [...journal];
    goOn?.();
    await setTimeout(50);
    expect(journal).toEqual([...sent, step]);
  });

  test('because the host stalls while it removes what it could not write is told', async () => {
    before = (request) =>
      request === 'open b'
        ? Promise.reject(new Error())
        : request === 'opendir new'
          ? new Promise(() => undefined)
          : undefined;
    await expect(uploaded(1000)).rejects.toMatchObject(tooLate('removing what was written'));
  });

  test('leaves a connection that can be used', async () => {
    const listeners = client.listenerCount('close');
    before = () => new Promise(() => undefined);
    await expect(uploaded(100)).rejects.toMatchObject({ name: 'ActionError' });
    expect(client.listenerCount('close')).toBe(listeners);
    before = () => setTimeout(20);
    expect(await uploaded()).toBe('/home/user/new');
  });
});

test('a host without SFTP is told', async () => {
  client.end();
  server.close();
  client = await connected(serveSsh(key, true));
  await expect(uploaded()).rejects.toMatchObject({
    name: 'ActionError',
    message: expect.stringContaining('sftp: the host does not offer SFTP'),
  });
});

describe('a connection that is lost is told as such', () => {
  test('before the upload', async () => {
    client.end();
    await once(client, 'close');
    await expect(uploaded()).rejects.toMatchObject({
      name: 'ConnectionLostError',
      message: 'ssh: the connection was lost during an upload: Not connected',
    });
  });

  test.each(['realpath .', 'mkdir new', 'open b', 'write c'])('at %s', async (step) => {
    before = (request) => {
      if (request !== step) return undefined;
      socket?.resetAndDestroy();
      return Promise.reject(new Error());
    };
    await expect(uploaded()).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });

  test('when the host hangs up', async () => {
    before = (request) => {
      if (request === 'write b') socket?.end();
      return undefined;
    };
    await expect(uploaded()).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });
});

function uploaded(limitMs = 5000): Promise<string> {
  return upload(client, 'new', files, limitMs);
}

function tooLate(step: string) {
  return {
    name: 'ActionError',
    message: expect.stringMatching(
      new RegExp(`^sftp: the upload to new in the login directory did not end within 1 s; it was ${step}$`),
    ),
    hint: expect.stringContaining('command-timeout'),
  };
}

function modeOf(path: string): string {
  return (statSync(join(root, path)).mode & 0o777).toString(8);
}

async function connected(serve: (socket: Socket) => void): Promise<ssh2.Client> {
  server = createServer({ noDelay: true }, (incoming) => {
    incoming.on('error', () => undefined);
    socket = incoming;
    serve(incoming);
  });
  const port = await listening(server);
  const hop = {
    address: { user: 'root', host: '127.0.0.1', port },
    keys: { trusted: [key.publicKey], revoked: [] },
  };
  return logIn(hop, credentials(key), directly, 5000);
}
