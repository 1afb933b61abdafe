import { describe, expect, test } from '@jest/globals';
import { NoAnswerError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import { versionOf, versionWarning } from '../../../src/shipyard/product.ts';
import { ShipyardSession } from '../../../src/shipyard/session.ts';
import { FakeHttp } from '../../support/fake-http.ts';

const URL = 'http://127.0.0.1:8080';
const missing = { status: 404, body: '404 page not found\n' };

test('the version is that of the cluster info, asked for with a limit of its own', async () => {
  const http = new FakeHttp({ status: 200, body: '{"version":"2.0.10"}\n' });
  expect(await versionOf(await session(http))).toBe('2.0.10');
  expect(http.requests).toMatchObject([{ url: `${URL}/api/cluster/info`, timeoutMs: 10_000 }]);
});

test.each([
  ['an engine that stays silent', new NoAnswerError(10_000)],
  ['a dead engine of an old version', { status: 500, body: 'dial tcp: refused\n' }],
])('%s holds the answer, and the version is not known', async (_, answer) => {
  expect(await versionOf(await session(new FakeHttp(answer)))).toBeUndefined();
});

test('a controller that is gone is an error', async () => {
  await expect(versionOf(await session(new FakeHttp(new Error('read ECONNRESET'))))).rejects.toThrow(
    'read ECONNRESET',
  );
});

describe('is named for what it is:', () => {
  test.each([
    ['the version', (http: FakeHttp) => session(http).then(versionOf)],
    ['the list', (http: FakeHttp) => session(http).then((open) => open.engines())],
  ])('Shipyard 3, when asked for %s', async (_, ask) => {
    const http = new FakeHttp(missing, { status: 200, body: '[]\n' });
    await expect(ask(http)).rejects.toMatchObject({
      message: `shipyard: ${URL} is a Shipyard 3, whose nodes join through Swarm; it has no engines to register`,
      hint: expect.stringContaining('leave shipyard-url and shipyard-master empty'),
    });
    expect(http.requests.at(-1)?.url).toBe(`${URL}/api/nodes`);
  });

  test.each([
    ['another version', [{ status: 200, body: '{"version":"3.1.0"}' }], 'is Shipyard 3.1.0, and the action'],
    ['something else', [missing, missing], 'answered 404: 404 page not found'],
    ['HTML', [{ status: 200, body: '<html>' }], 'answered 200: 6 characters that begin like HTML'],
    ['a version of nothing', [{ status: 200, body: '{"version":""}' }], 'begin like a JSON object'],
  ])('%s', async (_, answers, message) => {
    await expect(versionOf(await session(new FakeHttp(...answers)))).rejects.toThrow(message);
  });
});

test.each([
  ['2.0.10', undefined],
  ['2.0.8', undefined],
  ['2.1.0', undefined],
  ['2.0.7', 'cannot add engines that speak TLS'],
  ['2.0.5', 'cannot add engines that speak TLS'],
  ['2.0.4', 'has no health of engines'],
])('what to know of %s', (version, warning) => {
  const said = versionWarning(version);
  if (warning === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(warning);
});

function session(http: FakeHttp): Promise<ShipyardSession> {
  const credentials = { kind: 'service-key', key: new Secret('KEY') } as const;
  return ShipyardSession.open(http, URL, credentials, { mask: () => undefined });
}
