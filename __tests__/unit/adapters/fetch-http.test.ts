import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import { listening } from './loopback.ts';

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
  expect(await sent).toEqual({ status: 201, body: 'größe' });
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
  expect(await get(url)).toEqual({ status, body: 'why\n' });
});

test.each<[string, RequestListener]>([
  ['closes', (request) => request.socket.destroy()],
  ['says nothing', () => undefined],
  ['never ends', (_, response) => void response.write('[')],
])('no answer of a server that %s is an error', async (_, listener) => {
  const url = await served(listener);
  await expect(get(url, 100)).rejects.toThrow();
});

test('nobody there is an error', async () => {
  const url = await served(() => undefined);
  server.close();
  await expect(get(url)).rejects.toThrow();
});

function get(url: string, timeoutMs = 5000) {
  return fetchHttp.send({ method: 'GET', url, headers: {}, timeoutMs });
}

async function served(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  return `http://127.0.0.1:${await listening(server)}`;
}
