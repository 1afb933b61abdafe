import { afterAll, afterEach, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController } from '../../support/shipyard-controller.ts';
import { startFakeEngine } from '../../support/shipyard-fake-engine.ts';
import { logIn, sessionWith } from '../../support/shipyard-session.ts';

const directory = mkdtempSync(join(tmpdir(), 'shipyard-process-'));

const running: { readonly stop: () => Promise<void> }[] = [];

const start: typeof startController = async (...args) => {
  const controller = await startController(...args);
  running.push(controller);
  return controller;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

test('its folder is all that it needs, and it prints no warning', async () => {
  const copy = join(directory, 'copy');
  cpSync(join(import.meta.dirname, '../../../lab/shipyard'), copy, { recursive: true });
  const controller = await start([], join(copy, 'main.ts'));
  const lines = controller.log().split('\n').slice(0, -1);
  await controller.stop();
  expect(lines.map((line) => line.replace(/^time="[\d:TZ-]+" /, '').replace(/:\d+" $/, ':PORT" '))).toEqual([
    'level="info" msg="shipyard version 2.0.10" ',
    'level="info" msg="checking database" ',
    'level="info" msg="created admin user: username: admin password: shipyard" ',
    'level="info" msg="control listening on 127.0.0.1:PORT" ',
    'level="info" msg="controller listening on 127.0.0.1:PORT" ',
  ]);
});

test('accounts, tokens, keys and engines outlive a restart, in a file for the owner only', async () => {
  const data = join(directory, 'data.json');
  const engine = await startFakeEngine();
  running.push({ stop: engine.shut });
  const first = await start(['-data', data]);
  const session = await logIn(first.host);
  const answer = await session.call('POST', '/api/servicekeys', { description: 'robot' });
  const { key } = JSON.parse(answer.body ?? '') as { key: string };
  const addr = `http://127.0.0.1:${engine.port}`;
  await session.call('POST', '/api/engines', { engine: { id: 'kept', addr } });
  const before = await session.read('/api/engines');
  await first.stop();

  const second = await start(['-data', data, '-listen', first.host]);
  expect(await session.read('/api/engines')).toEqual(before);
  expect(await sessionWith(second.host, { 'X-Service-Key': key }).read('/api/engines')).toEqual(before);
  expect(second.log()).not.toContain('created admin user');
  expect(statSync(data).mode & 0o777).toBe(0o600);
});

test('no key, token or password gets into the log', async () => {
  const controller = await start(['-data', join(directory, 'secrets.json')]);
  const session = await logIn(controller.host);
  await session.call('POST', '/account/changepassword', { password: 'hush-hush' });
  await session.call('POST', '/api/accounts', {
    username: 'bob',
    password: 'sesame',
    role: { name: 'user' },
  });
  await session.call('POST', '/api/servicekeys', { description: 'robot' });
  const rows = JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')) as {
    accounts: { password: string; tokens: { auth_token: string }[] }[];
    serviceKeys: { key: string }[];
  };
  const secrets = [
    ...rows.accounts.flatMap(({ password, tokens }) => [
      password,
      ...tokens.map((token) => token.auth_token),
    ]),
    ...rows.serviceKeys.map(({ key }) => key),
    ...['hush-hush', 'sesame'],
  ];
  await controller.stop();
  expect(secrets.length).toBe(6);
  expect(secrets.filter((secret) => controller.log().includes(secret))).toEqual([]);
});

test.each([
  [['-listen', '127.0.0.1'], 'expected host:port, got 127.0.0.1'],
  [['-bogus', '1'], 'flag provided but not defined: -bogus'],
  [['-data'], 'flag needs an argument: -data'],
  [['-fault', 'nope'], 'no such fault: nope=true'],
  [['-tick-ms', '0'], 'expected a number of milliseconds, got 0'],
])('%j is refused with its reason', async (args, reason) => {
  await expect(start(args)).rejects.toThrow(`level="fatal" msg="${reason}" `);
});

test('a port that is taken is a fatal error', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  await expect(start(['-listen', `127.0.0.1:${port}`])).rejects.toThrow('address already in use');
  taken.close();
});

test('a fault can be set at the start', async () => {
  const controller = await start(['-fault', 'database-lost', '-fault', 'delay-ms=1']);
  const anyone = sessionWith(controller.host, {});
  expect((await anyone.call('POST', '/auth/login', { username: 'admin', password: 'shipyard' })).status).toBe(
    403,
  );
});
