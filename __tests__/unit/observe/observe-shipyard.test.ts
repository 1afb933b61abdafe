import { beforeEach, describe, expect, test } from '@jest/globals';
import { NoAnswerError } from '../../../src/errors.ts';
import type { ShipyardTarget } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import type { FakeHost } from '../../support/fake-host.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import type { FakeWorkflow } from '../../support/fake-workflow.ts';
import { request } from '../../support/fakes.ts';
import { Master } from './master.ts';

const password = { kind: 'password', username: 'admin', password: new Secret('shipyard') } as const;
const address = { user: 'root', host: 'master', port: 22 };
const direct: ShipyardTarget = { url: 'http://127.0.0.1:8080', credentials: password, mode: 'cli' };
const throughSsh: ShipyardTarget = {
  url: 'http://[::1]',
  master: address,
  credentials: password,
  mode: 'cli',
};
const token = (text: string) => ({ status: 200, body: JSON.stringify({ auth_token: text }) });
const empty = { status: 200, body: '[]' };
const info = { status: 200, body: '{"version":"2.0.10"}' };
const unauthorized = { status: 401, body: 'unauthorized\n' };

let master: Master;
let calls: readonly string[];
let host: FakeHost;
let workflow: FakeWorkflow;
beforeEach(() => {
  master = new Master();
  ({ calls, host, workflow } = master);
});

test('where none was asked, nobody is called', async () => {
  expect(await observe(undefined, new FakeHttp())).toEqual({ kind: 'none' });
});

test('the list is read, and the token of the login is masked', async () => {
  expect(await observe(direct, new FakeHttp(token('one'), empty, info))).toMatchObject({
    kind: 'reached',
    engines: [],
  });
  expect(workflow.masked).toEqual(['one']);
  expect(calls).toEqual([]);
});

test('a run over a part of the inventory ends no session of one over another', async () => {
  const http = new FakeHttp(token('one'), empty, info);
  await observe(direct, http, request().ssh, { mayChange: true, only: ['node1'] });
  expect(http.requests[0]?.headers['user-agent']).toMatch(/^shipyard-cluster\/[0-9a-f]{8}$/);
});

test('the token of every later login is masked as well', async () => {
  const http = new FakeHttp(token('one'), empty, info, unauthorized, token('two'), empty);
  const seen = await observe(direct, http);
  if (seen.kind === 'reached') await seen.list.engines();
  expect(workflow.masked).toEqual(['one', 'two']);
});

describe('of the published password', () => {
  const changed = { ...password, password: new Secret('a new one') };
  const refused = { status: 403, body: 'no\n' };

  test('it is told when it is the given one', async () => {
    await observe(direct, new FakeHttp(token('one'), empty, info));
    expect(workflow.log).toEqual([expect.stringContaining('warning shipyard-password is the published')]);
  });

  test.each([true, false])('it is told when the list cannot be read (may change: %j)', async (mayChange) => {
    const http = new FakeHttp(refused, token('one'), new NoAnswerError(30_000));
    const reading = { mayChange, only: 'all' } as const;
    const seen = await observe({ ...direct, credentials: changed }, http, request().ssh, reading);
    expect(seen.kind).toBe('unreachable');
    expect(workflow.log).toEqual([expect.stringMatching('with the published password.* not seen replaced')]);
  });

  test('it is told when it was replaced, and then nobody answers', async () => {
    const answers = [refused, token('one'), empty, info, { status: 200, body: '' }];
    const http = new FakeHttp(...answers, new NoAnswerError(30_000));
    expect(await observe({ ...direct, credentials: changed }, http)).toMatchObject({ kind: 'unreachable' });
    expect(workflow.log).toEqual([expect.stringContaining('still had the published password')]);
  });

  test('it is told when it was replaced', async () => {
    const http = new FakeHttp(
      refused,
      token('one'),
      empty,
      info,
      { status: 200, body: '' },
      refused,
      token('two'),
    );
    expect(await observe({ ...direct, credentials: changed }, http)).toMatchObject({ kind: 'reached' });
    expect(workflow.log).toEqual([expect.stringContaining('still had the published password')]);
  });

  test.each([
    ['a Shipyard 3', [{ status: 404, body: '404 page not found\n' }, empty], 'is a Shipyard 3'],
    ['one that says so', [empty, { status: 200, body: '{"version":"3.1.0"}' }], 'is Shipyard 3.1.0'],
    ['something else', [{ status: 200, body: '<html>' }], 'did not answer with a list of engines'],
  ])('it stays in %s, which is refused', async (_, answers, message) => {
    const http = new FakeHttp(refused, token('one'), ...answers);
    expect(await observe({ ...direct, credentials: changed }, http)).toMatchObject({
      ...{ kind: 'unreachable', error: { message: expect.stringContaining(message) } },
    });
    expect(http.requests.slice(2).map(({ method }) => method)).toEqual(answers.map(() => 'GET'));
    expect(workflow.log).toEqual([expect.stringMatching('with the published password.* not seen replaced')]);
  });

  test('it is replaced where an engine holds the version: only a Shipyard 2 lists engines', async () => {
    const held = [empty, new NoAnswerError(10_000)];
    const after = [{ status: 200, body: '' }, refused, token('two')];
    const http = new FakeHttp(refused, token('one'), ...held, ...after);
    expect(await observe({ ...direct, credentials: changed }, http)).toMatchObject({ kind: 'reached' });
    expect(workflow.log[0]).toContain('still had the published password');
  });

  test('it stays where nothing may be changed, and lets the reader in, who tells of it', async () => {
    const http = new FakeHttp(refused, token('one'), unauthorized, refused, token('two'), empty, info);
    const target = { ...direct, credentials: changed };
    expect(await observe(target, http, request().ssh, { mayChange: false, only: 'all' })).toMatchObject({
      kind: 'reached',
    });
    const paths = http.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
    const login = 'POST /auth/login';
    const list = 'GET /api/engines';
    expect(paths).toEqual([login, login, list, login, login, list, 'GET /api/cluster/info']);
    expect(workflow.log).toEqual([expect.stringContaining('still has the published password')]);
  });

  test('where it does not work either, the given one is said to be wrong', async () => {
    const http = new FakeHttp(refused);
    const target = { ...direct, credentials: changed };
    expect(await observe(target, http, request().ssh, { mayChange: false, only: 'all' })).toMatchObject({
      kind: 'unreachable',
      error: { message: 'shipyard: the login was refused (403: no)' },
    });
    expect(workflow.log).toEqual([]);
  });
});

test('a version that is held or old is told of, and no obstacle', async () => {
  const key = { ...direct, credentials: { kind: 'service-key', key: new Secret('KEY') } } as const;
  const held = await observe(key, new FakeHttp(empty, new NoAnswerError(10_000)));
  const old = await observe(key, new FakeHttp(empty, { status: 200, body: '{"version":"2.0.7"}' }));
  expect([held, old]).toMatchObject([{ version: undefined }, { version: '2.0.7' }]);
  expect(workflow.log).toEqual([
    expect.stringContaining('does not tell its version'),
    expect.stringContaining('2.0.7 cannot add engines'),
  ]);
});

test('a controller that refuses the login is a reason', async () => {
  const seen = await observe(direct, new FakeHttp({ status: 403, body: 'no\n' }));
  expect(seen).toMatchObject({ kind: 'unreachable', error: { name: 'ActionError' } });
});

describe('behind shipyard-master', () => {
  test('the URL is as the master sees it, and both connections are closed in the end', async () => {
    const http = new FakeHttp(token('one'), empty, info);
    const seen = await observe(throughSsh, http);
    expect(calls).toEqual(['ssh master', 'forward ::1 80']);
    expect(http.requests.map(({ url }) => url)).toEqual([
      'http://127.0.0.1:40000/auth/login',
      'http://127.0.0.1:40000/api/engines',
      'http://127.0.0.1:40000/api/cluster/info',
    ]);
    expect(host.isClosed).toBe(false);
    if (seen.kind === 'reached') seen.close();
    expect(calls.at(-1)).toBe('close');
    expect(host.isClosed).toBe(true);
  });

  test('it is reached through the jump hosts, but not through itself', async () => {
    const jumps = ['bastion', 'master', 'inner'].map((host) => ({ user: 'root', host, port: 22 }));
    const ssh = { ...request().ssh, jumps: jumps.slice(0, 1) };
    await observe(throughSsh, new FakeHttp(token('one'), empty, info), ssh);
    await observe(throughSsh, new FakeHttp(token('one'), empty, info), { ...ssh, jumps });
    expect(calls.filter((call) => call.startsWith('ssh'))).toEqual([
      'ssh bastion master',
      'ssh bastion master',
    ]);
  });

  test('nothing stays open when the controller cannot be read', async () => {
    const seen = await observe(throughSsh, new FakeHttp(new Error('read ECONNRESET')));
    expect(seen).toMatchObject({ kind: 'unreachable' });
    expect(calls.at(-1)).toBe('close');
    expect(host.isClosed).toBe(true);
  });

  test('nothing stays open when the port cannot be forwarded', async () => {
    const error = new Error('EMFILE');
    master.network.forward = () => Promise.reject(error);
    expect(await observe(throughSsh, new FakeHttp())).toEqual({ kind: 'unreachable', error });
    expect(host.isClosed).toBe(true);
  });

  test('https is refused before anybody is called: its certificate has another name', async () => {
    const target = { ...throughSsh, url: 'https://shipyard.example' };
    expect(await observe(target, new FakeHttp())).toMatchObject({
      kind: 'unreachable',
      error: {
        name: 'ActionError',
        message:
          'shipyard: https://shipyard.example is https, which cannot be checked through the SSH connection of shipyard-master',
        hint: expect.stringContaining('leave shipyard-master out'),
      },
    });
    expect(calls).toEqual([]);
  });
});

const observe: Master['observe'] = (...args) => master.observe(...args);
