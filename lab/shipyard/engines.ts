import { randomUUID } from 'node:crypto';
import { close, empty, failure, json, type Answer } from './answer.ts';
import type { Controller, Route } from './call.ts';
import { engineRowShape, publishRow, type EngineRow } from './engine-row.ts';
import { record } from './events.ts';
import { strikes } from './faults.ts';
import { decode } from './go/decode.ts';
import { ping, PingPanic } from './ping.ts';

export const engineRoutes = (controller: Controller): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/engines',
    handle: () => json(controller.engines.all().map(publishRow)),
  },
  {
    method: 'POST',
    path: '/api/engines',
    handle: ({ request }) => {
      const row = readRow(request.body);
      return row === undefined ? close : add(controller, row);
    },
  },
  {
    method: 'GET',
    path: '/api/engines/{}',
    handle: ({ id }) => {
      const row = find(controller, id);
      return json(row && publishRow(row));
    },
  },
  {
    method: 'DELETE',
    path: '/api/engines/{}',
    handle: ({ id }) => {
      const row = find(controller, id);
      return row === undefined ? close : remove(controller, row);
    },
  },
];

const find = ({ engines }: Controller, id: string): EngineRow | undefined =>
  engines.all().find((row) => row.id === id);

// Whatever health the body claims is overwritten; an outer id of its own is kept.
const readRow = (body: string): EngineRow | undefined => {
  const given = decode(body, engineRowShape);
  if (given?.engine === undefined) {
    return undefined;
  }
  const { id = '', addr = '', cpus = 0, memory = 0, labels = [] } = given.engine;
  return {
    id: given.id === undefined || given.id === '' ? randomUUID() : given.id,
    ssl_cert: given.ssl_cert ?? '',
    ssl_key: given.ssl_key ?? '',
    ca_cert: given.ca_cert ?? '',
    engine: { id, addr, cpus, memory, labels },
    health: { status: 'pending', response_time: 0 },
    docker_version: given.docker_version ?? '',
  };
};

const add = async (controller: Controller, row: EngineRow): Promise<Answer> => {
  const { store, engines, faults, log } = controller;
  const { id, addr, cpus, memory } = row.engine;
  const status = await ping(row).catch(unlessPanic);
  if (status === undefined) {
    return close;
  }
  if (status !== 200) {
    return failure(500, `Received status code '${status}' when contacting ${addr}`);
  }
  // An id that is there already is a conflict in the database, which nobody looks at.
  if (!store.rows.engines.some((other) => other.id === row.id)) {
    store.rows.engines.push(row);
  }
  engines.reload();
  record(store, { type: 'add-engine', engine: row.engine, message: `addr=${addr}`, tags: ['cluster'] });
  log('info', `added engine id=${id} addr=${addr} cpus=${cpus.toFixed(6)} memory=${memory.toFixed(6)}`);
  return strikes(faults, 'close-after-insert') ? close : empty(201);
};

const unlessPanic = (error: unknown): undefined => {
  if (!(error instanceof PingPanic)) {
    throw error;
  }
};

const remove = ({ store, engines, faults, log }: Controller, row: EngineRow): Answer => {
  const { engine } = row;
  record(store, { type: 'remove-engine', engine, message: `addr=${engine.addr}`, tags: ['cluster'] });
  if (!strikes(faults, 'return-removed')) {
    store.rows.engines = store.rows.engines.filter(({ id }) => id !== row.id);
  }
  engines.reload();
  // Nobody sees it in the list that was just loaded.
  if (strikes(faults, 'return-at-reload')) {
    store.rows.engines = [...store.rows.engines, row];
  }
  store.save();
  log('info', `removed engine id=${engine.id}`);
  return empty(204);
};
