import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ShipyardCredentials } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { ShipyardSession } from '../../../src/shipyard/session.ts';
import { FakeHttp } from '../../support/fake-http.ts';

const URL = 'http://127.0.0.1:8080';
const password: ShipyardCredentials = { kind: 'password', username: 'admin', password: new Secret('pa"ss') };
const serviceKey: ShipyardCredentials = { kind: 'service-key', key: new Secret('WSkOeB6Y') };

const token = (text: string) => ({
  status: 200,
  body: `{"auth_token":"${text}","user_agent":"shipyard-cluster"}\n`,
});
let masked: string[];
beforeEach(() => {
  masked = [];
});

const empty = { status: 200, body: '[]\n' };
const unauthorized = { status: 401, body: 'unauthorized\n' };

test('a login is one POST, and what follows carries its token and nothing else', async () => {
  const http = new FakeHttp(token('$2a$10$one'), empty);
  const session = await open(http, password);
  expect(await session.engines()).toEqual([]);
  expect(http.requests).toEqual([
    {
      method: 'POST',
      url: `${URL}/auth/login`,
      headers: { 'content-type': 'application/json', 'user-agent': 'shipyard-cluster' },
      body: '{"username":"admin","password":"pa\\"ss"}',
      timeoutMs: 30_000,
    },
    {
      method: 'GET',
      url: `${URL}/api/engines`,
      headers: { 'x-access-token': 'admin:$2a$10$one', 'user-agent': 'shipyard-cluster' },
      timeoutMs: 30_000,
    },
  ]);
});

test('a service key needs no login', async () => {
  const http = new FakeHttp(empty);
  const session = await open(http, serviceKey);
  await session.engines();
  expect(http.requests).toEqual([
    {
      method: 'GET',
      url: `${URL}/api/engines`,
      headers: { 'x-service-key': 'WSkOeB6Y', 'user-agent': 'shipyard-cluster' },
      timeoutMs: 30_000,
    },
  ]);
});

test('a token that was lost is replaced by another login', async () => {
  const http = new FakeHttp(token('one'), unauthorized, token('two'), empty);
  const session = await open(http, password);
  expect(await session.engines()).toEqual([]);
  expect(http.requests.map(({ method, headers }) => headers['x-access-token'] ?? method)).toEqual([
    'POST',
    'admin:one',
    'POST',
    'admin:two',
  ]);
  expect(session.access.kind === 'token' && session.access.token.reveal()).toBe('two');
  expect(masked).toEqual(['one', 'two']);
});

describe('is refused', () => {
  test('with a wrong password', async () => {
    const http = new FakeHttp({ status: 403, body: 'invalid username/password\n' });
    await expect(open(http, password)).rejects.toMatchObject({
      message: 'shipyard: the login was refused (403: invalid username/password)',
      hint: expect.stringContaining('check shipyard-username and shipyard-password;'),
    });
  });

  test('with four tokens that do not count', async () => {
    const lost = ['one', 'two', 'three', 'four'].flatMap((text) => [token(text), unauthorized]);
    const http = new FakeHttp(...lost);
    const session = await open(http, password);
    await expect(session.engines()).rejects.toThrow('shipyard: the login was refused (401: unauthorized)');
    expect(http.requests).toHaveLength(8);
  });

  test('with a wrong service key, without a second try', async () => {
    const http = new FakeHttp(unauthorized);
    const session = await open(http, serviceKey);
    await expect(session.engines()).rejects.toMatchObject({
      hint: expect.stringContaining('check shipyard-service-key;'),
    });
    expect(http.requests).toHaveLength(1);
  });

  test('with an account that may not read engines', async () => {
    const http = new FakeHttp(token('one'), { status: 403, body: 'access denied\n' });
    const session = await open(http, password);
    await expect(session.engines()).rejects.toThrow('shipyard: the login was refused (403: access denied)');
  });
});

describe('is no Shipyard 2', () => {
  test.each([
    ['a 404', { status: 404, body: '404 page not found\n' }, '404: 404 page not found'],
    ['a redirect', { status: 301, body: '' }, '301: nothing'],
    ['HTML', { status: 200, body: '<html>' }, '200: 6 characters that begin like HTML'],
    ['JSON without a token', { status: 200, body: '{}' }, '200: 2 characters that begin like a JSON object'],
    ['null', { status: 200, body: 'null' }, '200: 4 characters of other text'],
  ])('%s after the login', async (_, answer, seen) => {
    await expect(open(new FakeHttp(answer), password)).rejects.toThrow(`shipyard: ${URL} answered ${seen}`);
  });

  test.each([
    ['a 404', { status: 404, body: '404 page not found\n' }],
    ['an error', { status: 500, body: 'EOF\n' }],
    ['HTML', { status: 200, body: '<html>' }],
  ])('%s for the list', async (_, answer) => {
    const session = await open(new FakeHttp(answer), serviceKey);
    await expect(session.engines()).rejects.toMatchObject({ name: 'ActionError' });
  });
});

describe('no word is shown of an answer that may be cut off from what is secret:', () => {
  const secret = 'SECRET-SECRET';

  test.each([200, 206, 502])('a login with status %d', async (status) => {
    const body = `{"auth_token":"${secret}`;
    const text = await open(new FakeHttp({ status, body }), password).catch((error: unknown) =>
      String(error),
    );
    expect(text).toMatch(/answered \d+: \d+ characters that begin like a JSON object$/);
  });

  test.each([200, 206, 502])('a list with status %d', async (status) => {
    const body = `[{"ssl_key":"${secret}`;
    const session = await open(new FakeHttp({ status, body }), serviceKey);
    const text = await session.engines().catch((error: unknown) => String(error));
    expect(text).toMatch(/\d+ characters that begin like a JSON list$/);
  });
});

test('no answer tells where from and why, and keeps the cause', async () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:8080');
  await expect(open(new FakeHttp(cause), password)).rejects.toMatchObject({
    message: `shipyard: no answer from ${URL}: connect ECONNREFUSED 127.0.0.1:8080`,
    cause,
  });
});

test('what a controller says is cut short and shown as data', async () => {
  const body = `\u001b[31m::error::${'x'.repeat(500)}`;
  await expect(open(new FakeHttp({ status: 500, body }), password)).rejects.toThrow(
    /500: \\u\{1b\}\[31m::error::x{60,70}… \(\d+ more characters\)$/,
  );
});

function open(http: FakeHttp, credentials: ShipyardCredentials): Promise<ShipyardSession> {
  return ShipyardSession.open(http, URL, credentials, { mask: (token) => void masked.push(token) });
}
