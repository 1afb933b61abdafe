import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../../images/shipyard-cli/io.ts';
import { run } from '../../../images/shipyard-cli/run.ts';
import { memoryIo } from '../../support/shipyard-memory-io.ts';

/** Answers by path: `/silent` never, `/elsewhere` with a redirect to the other server, `/page` with HTML. */
const serverFor = (target: () => string, seen: IncomingHttpHeaders[]): Server =>
  createServer((incoming, response) => {
    seen.push(incoming.headers);
    const path = incoming.url ?? '';
    if (path.startsWith('/elsewhere/')) {
      response.writeHead(301, { Location: `${target()}${path.slice('/elsewhere'.length)}` }).end();
    } else if (path.startsWith('/loop/')) {
      response.writeHead(302, { Location: path }).end();
    } else if (path.startsWith('/page/')) {
      response.end('<html>');
    } else if (!path.startsWith('/silent/')) {
      response.end('[]');
    }
  });

const home = mkdtempSync(join(tmpdir(), 'shipyard-cli-http-'));
const seenHere: IncomingHttpHeaders[] = [];
const seenThere: IncomingHttpHeaders[] = [];
const here = serverFor(() => urlOf(there), seenHere);
const there = serverFor(() => urlOf(here), seenThere);

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  for (const server of [here, there]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
});

afterAll(() => {
  for (const server of [here, there]) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(home, { recursive: true });
});

const engines = async (
  path: string,
  env: Io['env'] = {},
  requestLimitMs = 20_000,
): Promise<readonly [number, string]> => {
  const url = `${urlOf(here)}${path}`;
  writeFileSync(join(home, '.shipyardrc'), JSON.stringify({ url, username: 'admin', token: 'secret' }));
  const io = memoryIo({ home: { kind: 'known', directory: home }, requestLimitMs, env });
  const exitCode = await run(['shipyard', 'engines'], io);
  const message = /msg="error getting engines: (.*)" \n$/.exec(io.written.stdout)?.[1] ?? io.written.stdout;
  return [exitCode, message.replaceAll(urlOf(here), 'HERE').replaceAll('\\"', '"')];
};

test('a controller that stays silent is given up', async () => {
  const reason = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  expect(await engines('/silent', {}, 300)).toEqual([1, `Get "HERE/silent/api/engines": ${reason}`]);
});

test('credentials do not follow a redirect to another host', async () => {
  expect(await engines('/elsewhere')).toEqual([0, '']);
  expect(seenHere.at(-1)).toMatchObject({ 'x-access-token': 'admin:secret' });
  expect(seenThere.at(-1)).toMatchObject({ 'user-agent': 'shipyard-cli' });
  expect(seenThere.at(-1)).not.toHaveProperty('x-access-token');
});

test('a redirect to itself ends', async () => {
  expect(await engines('/loop')).toEqual([1, 'Get "HERE/loop/api/engines": stopped after 10 redirects']);
});

test('an answer that is no JSON is told in the words of Go', async () => {
  expect(await engines('/page')).toEqual([1, "invalid character '<' looking for beginning of value"]);
});

test('plain http does not ask what certificates to trust', async () => {
  expect(await engines('', { SSL_CERT_FILE: '/nowhere' })).toEqual([0, '']);
});
