import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import { hasAddresses, listening } from './loopback.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a request arrives as it was given', async () => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const url = await served((request, response) => {
    void text(request).then((body) => {
      seen.push({ request, body });
      response.writeHead(201).end('größe');
    });
  });
  const headers = { 'user-agent': 'shipyard-cluster', 'x-access-token': 'admin:$2a$10$/.' };
  const sent = fetchHttp.send({
    method: 'POST',
    url: `${url}/auth/login`,
    headers,
    body: '{}',
    timeoutMs: 5000,
  });
  expect(await sent).toMatchObject({ status: 201, body: 'größe' });
  expect(seen).toMatchObject([{ request: { method: 'POST', url: '/auth/login', headers }, body: '{}' }]);
});

test.each([301, 302, 307])('a %d is an answer: the login is carried nowhere else', async (status) => {
  let requests = 0;
  const url = await served((_, response) => {
    requests += 1;
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  expect(await get(url)).toMatchObject({ status });
  expect(requests).toBe(1);
});

test.each([401, 404, 500])('a %d is an answer', async (status) => {
  const url = await served((_, response) => response.writeHead(status).end('why\n'));
  expect(await get(url)).toMatchObject({ status, body: 'why\n' });
});

test.each<[string, RequestListener, string, number]>([
  ['closes', (request) => request.socket.destroy(), 'other side closed', 20_000],
  ['says nothing', () => undefined, 'no answer within 0.1 s', 100],
  ['never ends', (_, response) => void response.write('['), 'no answer within 0.1 s', 100],
  [
    'speaks no HTTP',
    (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    'Response does not match the HTTP/1.1 protocol',
    20_000,
  ],
])('no answer of a server that %s is an error, which says why', async (_, listener, why, limitMs) => {
  const url = await served(listener);
  await expect(get(url, limitMs)).rejects.toThrow(why);
});

test('an answer that is too long is not read to its end', async () => {
  let sent = 0;
  const closed = Promise.withResolvers<unknown>();
  const url = await served((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024))) sent += 1;
    };
    response.on('drain', more).on('close', closed.resolve);
    more();
  });
  await expect(get(url, 20_000)).rejects.toThrow('the answer has more than 33554432 bytes');
  await closed.promise;
  expect(sent).toBeLessThan(64);
});

test('an answer without a body has an empty one', async () => {
  const url = await served((_, response) => response.writeHead(204).end());
  expect(await get(url)).toMatchObject({ status: 204, body: '' });
});

describe('nobody there is an error, which says so', () => {
  test('at an address', async () => {
    const url = await served(() => undefined);
    server.close();
    await expect(get(url)).rejects.toThrow(/^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  });

  test('at a name that has several', async () => {
    const url = await served(() => undefined);
    server.close();
    const lookup = hasAddresses('127.0.0.1', '127.0.0.2');
    await expect(get(url.replace('127.0.0.1', 'shipyard.test'))).rejects.toThrow(
      /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
    );
    lookup.mockRestore();
  });
});

function get(url: string, timeoutMs = 5000) {
  return fetchHttp.send({ method: 'GET', url, headers: {}, timeoutMs });
}

async function served(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  return `http://127.0.0.1:${await listening(server)}`;
}
