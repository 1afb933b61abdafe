import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import { Secret } from '../../../src/secret.ts';
import { isFirst, logIn } from '../../../src/shipyard/login.ts';
import { ShipyardSession } from '../../../src/shipyard/session.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';

const URL = 'http://127.0.0.1:8080';
const account = (text: string, username = 'admin') =>
  ({ kind: 'password', username, password: new Secret(text) }) as const;
const refused = { status: 403, body: 'invalid username/password\n' };
const token = (text: string) => ({ status: 200, body: JSON.stringify({ auth_token: text }) });
const done = { status: 200, body: '' };

let masked: string[];
let replacements: string[];
beforeEach(() => {
  masked = [];
  replacements = [];
});
const alone = { mask: (text: string) => void masked.push(text) };
const both = { ...alone, triesPublished: true };

describe('the published password', () => {
  let controller: RunningController;
  beforeAll(async () => {
    controller = await startController();
  });
  afterAll(() => controller.stop());

  test('lets in where the given one does not yet, and changes nothing', async () => {
    const entry = await logIn(fetchHttp, controller.url, account('a new $ecret'), both);
    expect(entry).toMatchObject({ access: { kind: 'token' }, isPublished: true });
    await expect(logIn(fetchHttp, controller.url, account('a new $ecret'), alone)).rejects.toThrow(
      'the login was refused (403: invalid username/password)',
    );
  });

  test('gives way to the given one, and does not work any more', async () => {
    const given = account('a new $ecret');
    const session = await ShipyardSession.open(fetchHttp, controller.url, given, both);
    expect(session.isPublished).toBe(true);
    await session.replacePublished(() => undefined);
    expect(session.isPublished).toBe(false);
    expect(await session.engines()).toEqual([]);
    expect(masked).toHaveLength(2);
    await expect(logIn(fetchHttp, controller.url, account('shipyard'), alone)).rejects.toThrow(
      'the login was refused (403: invalid username/password)',
    );
    expect(await logIn(fetchHttp, controller.url, given, both)).toMatchObject({ isPublished: false });
  });
});

test.each([
  ['without leave', account('other'), alone, 1],
  ['for another account', account('other', 'operator'), both, 1],
  ['where it is the given one', account('shipyard'), both, 1],
  ['where neither works, be it for a lost database', account('other'), both, 2],
])('the published password is no way in %s', async (_, given, options, requests) => {
  const http = new FakeHttp(refused);
  await expect(logIn(http, URL, given, options)).rejects.toMatchObject({
    message: 'shipyard: the login was refused (403: invalid username/password)',
    hint: expect.stringContaining('lost its database'),
  });
  expect(http.requests.map(({ url }) => url)).toEqual(Array<string>(requests).fill(`${URL}/auth/login`));
});

describe('the published password is replaced', () => {
  const replaced = async (http: FakeHttp, password = 'other'): Promise<string> => {
    const session = await ShipyardSession.open(http, URL, account(password), both);
    await session.replacePublished(() => replacements.push(password));
    return session.access.kind === 'token' ? session.access.token.reveal() : '';
  };

  test('with a token that counts, also where the first was lost', async () => {
    const lost = { status: 401, body: 'unauthorized\n' };
    const http = new FakeHttp(refused, token('1'), lost, refused, token('2'), done, refused, token('3'));
    expect(await replaced(http)).toBe('3');
    expect(replacements).toEqual(['other']);
    expect(masked).toEqual(['1', '2', '3']);
  });

  test('not where the account has the given one', async () => {
    const http = new FakeHttp(token('one'));
    expect(await replaced(http)).toBe('one');
    expect(http.requests).toHaveLength(1);
    expect(replacements).toEqual([]);
  });

  test('not by one that is longer than Shipyard looks at', async () => {
    const http = new FakeHttp(refused, token('one'));
    await expect(replaced(http, 'x'.repeat(73))).rejects.toThrow('shipyard-password: has more than 72 bytes');
    expect(http.requests).toHaveLength(2);
  });

  test.each([
    ['the published one still works', [done, token('two')], 'the published one still works', ['other']],
    ['the change is refused', [{ status: 500, body: 'EOF\n' }], 'answered 500: EOF', []],
    ['the new one does not work', [done, refused], 'the login was refused', ['other']],
  ])('which is a failure where %s, and told where it was done', async (_, answers, message, told) => {
    await expect(replaced(new FakeHttp(refused, token('one'), ...answers))).rejects.toThrow(message);
    expect(replacements).toEqual(told);
  });
});

test('a wrong password is a wrong password in Shipyard 3 as well', async () => {
  const http = new FakeHttp({ status: 500, body: 'invalid username or password\n' });
  await expect(logIn(http, URL, account('other', 'operator'), both)).rejects.toThrow(
    'the login was refused (500: invalid username or password)',
  );
});

test('the published credentials are known for what they are', () => {
  expect(isFirst(account('shipyard'))).toBe(true);
  expect(isFirst(account('shipyard', 'operator'))).toBe(false);
  expect(isFirst({ kind: 'service-key', key: new Secret('shipyard') })).toBe(false);
});
