import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { empty, json } from '../../../lab/shipyard/answer.ts';
import { delayOf } from '../../../lab/shipyard/delay.ts';
import { noFaults } from '../../../lab/shipyard/faults.ts';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';
import { startFakeEngine, type FakeEngine } from '../../support/shipyard-fake-engine.ts';
import { logIn, sessionWith, type EngineState, type Session } from '../../support/shipyard-session.ts';

let controller: RunningController;
let engine: FakeEngine;
let session: Session;

beforeAll(async () => {
  [controller, engine] = await Promise.all([startController(), startFakeEngine()]);
  session = await logIn(controller.host);
});

beforeEach(async () => {
  await setFaults({});
  for (const { id } of (await session.read('/api/engines')) as EngineState[]) {
    await session.call('DELETE', `/api/engines/${id}`);
  }
  engine.requests.length = 0;
});

afterAll(async () => {
  await controller.stop();
  await engine.shut();
});

const setFaults = async (faults: unknown): Promise<number> => {
  const answer = await fetch(`${controller.control}/faults`, { method: 'PUT', body: JSON.stringify(faults) });
  return answer.status;
};

const add = async (id: string): Promise<number | string | undefined> => {
  const addr = `http://127.0.0.1:${engine.port}`;
  const { status, ...rest } = await session.call('POST', '/api/engines', { engine: { id, addr } });
  return 'error' in rest ? rest.error : status;
};

const names = async (): Promise<readonly (string | undefined)[]> =>
  ((await session.read('/api/engines')) as EngineState[]).map((row) => row.engine.id).toSorted();

const remove = async (): Promise<number | undefined> => {
  const [row] = (await session.read('/api/engines')) as EngineState[];
  return (await session.call('DELETE', `/api/engines/${row?.id ?? ''}`)).status;
};

test('a lost database refuses all credentials and comes back by itself', async () => {
  await setFaults({ 'database-lost': true });
  expect((await session.call('GET', '/api/engines')).status).toBe(401);
  expect(
    (await sessionWith(controller.host, { 'X-Service-Key': 'k' }).call('GET', '/api/engines')).status,
  ).toBe(401);
  const login = { username: 'admin', password: 'shipyard' };
  expect((await session.call('POST', '/auth/login', login)).status).toBe(403);
  expect((await session.call('GET', '/')).status).toBe(200);
  await setFaults({});
  expect((await session.call('GET', '/api/engines')).status).toBe(200);
});

test('a delay comes after the work', async () => {
  await setFaults({ 'delay-ms': 1500 });
  const start = performance.now();
  const adding = add('slow');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const pinged = engine.requests.length;
  expect(await adding).toBe(201);
  expect({ pinged, slow: performance.now() - start >= 1500 }).toEqual({ pinged: 1, slow: true });
});

test('closing after an insert leaves the engine behind, once', async () => {
  await setFaults({ 'close-after-insert': 1 });
  expect(await add('a')).toBe('closed');
  expect(await names()).toEqual(['a']);
  expect(await add('b')).toBe(201);
});

test('dying after an insert comes after the answer, and the row is there when it is started again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'shipyard-dying-'));
  const data = ['-data', join(directory, 'data.json')];
  const dying = await startController([...data, '-fault', 'die-after-insert=1']);
  const row = { engine: { id: 'a', addr: `http://127.0.0.1:${engine.port}` } };
  const person = await logIn(dying.host);
  expect((await person.call('POST', '/api/engines', row)).status).toBe(201);
  expect(await person.call('GET', '/')).toMatchObject({ error: expect.any(String) });
  const again = await startController(data);
  expect(await (await logIn(again.host)).read('/api/engines')).toMatchObject([row]);
  await Promise.all([dying.stop(), again.stop()]);
  rmSync(directory, { recursive: true });
});

test('a removed engine comes back, once', async () => {
  await add('a');
  await setFaults({ 'return-removed': 1 });
  expect(await remove()).toBe(204);
  expect(await names()).toEqual(['a']);
  expect(await remove()).toBe(204);
  expect(await names()).toEqual([]);
});

test('a removed engine comes back with the next change, once', async () => {
  await add('a');
  await setFaults({ 'return-at-reload': 1 });
  expect(await remove()).toBe(204);
  expect([await names(), await names()]).toEqual([[], []]);
  await session.call('POST', '/api/servicekeys', { description: 'reload' });
  expect(await names()).toEqual(['a']);
  expect(await remove()).toBe(204);
  await session.call('POST', '/api/servicekeys', { description: 'reload' });
  expect(await names()).toEqual([]);
});

test('a slow add, and then a slow list, are answered later than anybody waits', () => {
  const faults = { ...noFaults(), 'slow-adds': 1, 'slow-lists': 1, 'delay-ms': 5 };
  const path = '/api/engines';
  const list = () => delayOf(faults, { method: 'GET', path, answer: json([]) });
  const insert = (status: number) => delayOf(faults, { method: 'POST', path, answer: empty(status) });
  expect([list(), insert(500), insert(201), list(), list(), insert(201)]).toEqual([
    ...[5, 5, 31_000, 31_000, 5, 5],
  ]);
});

test('a stale list shows a change only with the next one, be it a service key', async () => {
  await setFaults({ 'stale-list': 1 });
  expect(await add('a')).toBe(201);
  expect(await names()).toEqual([]);
  await session.call('POST', '/api/servicekeys', { description: 'reload' });
  expect(await names()).toEqual(['a']);
});

test('a lost token answers 401 although its login answered 200', async () => {
  await setFaults({ 'lose-token': 1 });
  expect((await (await logIn(controller.host, 'other')).call('GET', '/api/engines')).status).toBe(401);
  expect((await (await logIn(controller.host, 'other')).call('GET', '/api/engines')).status).toBe(200);
});

test('logins at the same time lose tokens without any fault', async () => {
  const sessions = await Promise.all(['a', 'b', 'c', 'd'].map((agent) => logIn(controller.host, agent)));
  const answers = await Promise.all(sessions.map((one) => one.call('GET', '/api/engines')));
  const valid = answers.filter(({ status }) => status === 200).length;
  expect(valid).toBeGreaterThanOrEqual(1);
  expect(valid).toBeLessThan(4);
});

test('of two engines with one name the one listed last counts', async () => {
  const addr = `http://127.0.0.1:${engine.port}`;
  for (const cpus of [1, 2, 4]) {
    await session.call('POST', '/api/engines', { engine: { id: 'same', addr, cpus } });
  }
  const rows = (await session.read('/api/engines')) as { engine: { cpus: number } }[];
  expect(rows).toHaveLength(3);
  expect(await session.read('/api/cluster/info')).toEqual({
    cpus: rows.at(-1)?.engine.cpus,
    engine_count: 1,
    version: '2.0.10',
  });
});

test('the request log counts without telling secrets', async () => {
  await fetch(`${controller.control}/requests`, { method: 'DELETE' });
  await add('a');
  await session.call('GET', '/api/events?limit=x');
  const answer = await fetch(`${controller.control}/requests`);
  expect(await answer.json()).toEqual([
    { method: 'POST', path: '/api/engines', userAgent: 'test' },
    { method: 'GET', path: '/api/events', userAgent: 'test' },
  ]);
});

test('an unknown fault and a wrong value are refused', async () => {
  expect(await setFaults({ 'database-last': true })).toBe(400);
  expect(await setFaults({ 'delay-ms': -1 })).toBe(400);
  expect(await setFaults([])).toBe(200);
});
