import { describe, expect, test } from '@jest/globals';
import { NoAnswerError } from '../../../src/errors.ts';
import type { ShipyardTarget } from '../../../src/inputs/request.ts';
import type { HttpResponse } from '../../../src/ports/http.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { Master } from './master.ts';

const target: ShipyardTarget = {
  url: 'http://127.0.0.1:8080',
  master: { user: 'root', host: 'master', port: 22 },
  credentials: { kind: 'password', username: 'admin', password: new Secret('the new one') },
  mode: 'api',
  deployment: { kind: 'images', controller: 'shipyard:2.0.10', database: 'rethinkdb:1.16' },
};
const nobody = new Error('connect ECONNREFUSED 127.0.0.1:40000');
const page = { status: 200, body: '<html>' };
const refused = { status: 403, body: 'invalid username/password\n' };
const login = { status: 200, body: '{"auth_token":"one"}' };
const done = { status: 200, body: '' };
const empty = { status: 200, body: '[]\n' };
const missing = { status: 404, body: '404 page not found\n' };
/** Nothing answers, it is started, and then admin has the published password. */
const first = [nobody, page, refused, login];
const replaced = [done, refused, login];

describe('what was started must be a Shipyard 2', () => {
  test.each<[string, (HttpResponse | Error)[], string]>([
    ['a Shipyard 3', [missing, empty], 'is a Shipyard 3, whose nodes join through Swarm'],
    [
      'one that says so itself',
      [empty, { status: 200, body: '{"version":"3.1.0"}' }],
      'is Shipyard 3.1.0, and the action speaks with Shipyard 2',
    ],
    [
      'something else',
      [empty, { status: 200, body: '<html>' }],
      'answered 200: 6 characters that begin like',
    ],
    ['something without engines', [missing, missing], 'answered 404: 404 page not found'],
    [
      'one that fails',
      [empty, { status: 500, body: 'EOF\n' }],
      'answers at 127.0.0.1:8080, but does not tell its version',
    ],
    ['a silent one', [empty, new NoAnswerError(10_000)], 'does not tell its version'],
  ])('%s is an error', async (_, answers, message) => {
    const master = new Master();
    const http = new FakeHttp(...first, ...answers);
    expect(await master.observe(target, http)).toMatchObject({
      kind: 'unreachable',
      error: { name: 'ActionError', message: expect.stringContaining(message) },
    });
    expect(http.requests.map(({ url }) => new URL(url).pathname)).not.toContain('/account/changepassword');
    expect(master.host.scripts).toHaveLength(1);
    expect(master.host.isClosed).toBe(true);
  });

  test('one that is gets the given password, once it has shown what it is', async () => {
    const version = { status: 200, body: '{"version":"2.0.10"}' };
    const http = new FakeHttp(...first, empty, version, ...replaced);
    expect(await new Master().observe(target, http)).toMatchObject({ kind: 'reached', version: '2.0.10' });
    expect(http.requests.slice(4).map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'GET /api/engines',
      'GET /api/cluster/info',
      'POST /account/changepassword',
      'POST /auth/login',
      'POST /auth/login',
    ]);
  });

  test('something that knows no login is one as well', async () => {
    const seen = await new Master().observe(target, new FakeHttp(nobody, page, missing));
    expect(seen).toMatchObject({
      kind: 'unreachable',
      error: { message: expect.stringContaining('answered 404: 404 page not found') },
    });
  });

  test('one that was there already and holds its version is a warning only', async () => {
    const held = new FakeHttp(page, login, empty, new NoAnswerError(10_000));
    expect(await new Master().observe(target, held)).toMatchObject({ kind: 'reached', version: undefined });
  });
});

test('who may not start it is told that nothing answers, and that it can be started', async () => {
  const master = new Master();
  const seen = await master.observe(target, new FakeHttp(nobody), undefined, {
    mayChange: false,
    only: 'all',
  });
  expect(seen).toMatchObject({
    ...{ kind: 'unreachable', isStartable: true },
    error: { message: 'shipyard: nothing answers on the master at 127.0.0.1:8080' },
  });
  expect(master.host.scripts).toEqual([]);
  expect(master.host.isClosed).toBe(true);
});

test.each([
  ['http://127.0.0.1:8080', '-p 127.0.0.1:8080:8080'],
  ['http://localhost:8080', '-p 127.0.0.1:8080:8080'],
  ['http://10.0.0.5:8080', '-p 10.0.0.5:8080:8080'],
  ['http://10.0.0.5', '-p 10.0.0.5:80:8080'],
  ['http://[::1]:8081', "-p '[::1]:8081:8080'"],
  ['http://[2001:db8::5]:8080', "-p '[2001:db8::5]:8080:8080'"],
])('for %s the controller listens just there: %s', async (url, option) => {
  const master = new Master();
  await master.observe({ ...target, url }, new FakeHttp(nobody, page, missing));
  const [script] = master.host.scripts;
  expect(script?.text).toContain(`${option} `);
  // That is the only port that is published.
  expect(script?.text.match(/ -p /g)).toHaveLength(1);
});
