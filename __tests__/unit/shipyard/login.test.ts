import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import { Secret } from '../../../src/secret.ts';
import { isFirst, logIn } from '../../../src/shipyard/login.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';

const URL = 'http://127.0.0.1:8080';
const account = (text: string, username = 'admin') =>
  ({ kind: 'password', username, password: new Secret(text) }) as const;
const refused = { status: 403, body: 'invalid username/password\n' };
const token = (text: string) => ({ status: 200, body: JSON.stringify({ auth_token: text }) });
const done = { status: 200, body: '' };

let masked: string[];
let replaced: number;
beforeEach(() => {
  masked = [];
  replaced = 0;
});
const events = {
  mask: (text: string) => void masked.push(text),
  onReplaced: () => void (replaced += 1),
};

describe('the published password', () => {
  let controller: RunningController;
  beforeAll(async () => {
    controller = await startController();
  });
  afterAll(() => controller.stop());

  test('gives way to the given one, and does not work any more', async () => {
    const given = account('a new $ecret');
    const access = await logIn(fetchHttp, controller.url, given, events);
    expect(access.kind).toBe('token');
    expect(replaced).toBe(1);
    expect(masked).toHaveLength(2);
    await expect(
      logIn(fetchHttp, controller.url, account('shipyard'), { mask: events.mask }),
    ).rejects.toThrow('the login was refused (403: invalid username/password)');
    await logIn(fetchHttp, controller.url, given, events);
    expect(replaced).toBe(1);
  });
});

describe('nothing is changed', () => {
  test.each([
    ['without consent', account('other'), { mask: events.mask }, 1],
    ['for another account', account('other', 'operator'), events, 1],
    ['where the published password is the given one', account('shipyard'), events, 1],
    ['where neither works, be it for a lost database', account('other'), events, 2],
  ])('%s', async (_, given, told, requests) => {
    const http = new FakeHttp(refused);
    await expect(logIn(http, URL, given, told)).rejects.toMatchObject({
      message: 'shipyard: the login was refused (403: invalid username/password)',
      hint: expect.stringContaining('lost its database'),
    });
    expect(http.requests.map(({ url }) => url)).toEqual(Array<string>(requests).fill(`${URL}/auth/login`));
  });

  test('where the new one is longer than Shipyard looks at', async () => {
    const http = new FakeHttp(refused, token('one'));
    await expect(logIn(http, URL, account('x'.repeat(73)), events)).rejects.toThrow(
      'shipyard-password: has more than 72 bytes',
    );
    expect(http.requests).toHaveLength(2);
  });
});

test('a published password that still works after the change is a failure', async () => {
  const http = new FakeHttp(refused, token('one'), done, token('two'));
  await expect(logIn(http, URL, account('other'), events)).rejects.toThrow('the published one still works');
  expect(replaced).toBe(0);
});

test('a change that is refused is a failure', async () => {
  const http = new FakeHttp(refused, token('one'), { status: 500, body: 'EOF\n' });
  await expect(logIn(http, URL, account('other'), events)).rejects.toThrow('answered 500: EOF');
});

test('a new password that does not work is a failure', async () => {
  const http = new FakeHttp(refused, token('one'), done, refused);
  await expect(logIn(http, URL, account('other'), events)).rejects.toThrow('the login was refused');
});

test('a wrong password is a wrong password in Shipyard 3 as well', async () => {
  const http = new FakeHttp({ status: 500, body: 'invalid username or password\n' });
  await expect(logIn(http, URL, account('other', 'operator'), events)).rejects.toThrow(
    'the login was refused (500: invalid username or password)',
  );
});

test('the published credentials are known for what they are', () => {
  expect(isFirst(account('shipyard'))).toBe(true);
  expect(isFirst(account('shipyard', 'operator'))).toBe(false);
  expect(isFirst({ kind: 'service-key', key: new Secret('shipyard') })).toBe(false);
});
