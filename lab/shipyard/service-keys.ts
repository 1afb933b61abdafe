import { randomText } from './bcrypt-text.ts';
import { close, empty, failure, json, untypedJson, type Answer } from './answer.ts';
import type { Controller, Route } from './call.ts';
import { record } from './events.ts';
import { decode } from './go/decode.ts';
import { omitEmpty } from './go/encode.ts';

export type ServiceKey = { readonly key: string; readonly description: string };

export const serviceKeyRoutes = (controller: Controller): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/servicekeys',
    handle: () => json(controller.store.rows.serviceKeys.map(omitEmpty)),
  },
  {
    method: 'POST',
    path: '/api/servicekeys',
    handle: ({ request }) => {
      const given = decode(request.body, serviceKeyShape);
      return given === undefined ? close : add(controller, given.description ?? '');
    },
  },
  {
    method: 'DELETE',
    path: '/api/servicekeys',
    handle: ({ request }) => {
      const given = decode(request.body, serviceKeyShape);
      return given === undefined ? close : remove(controller, given.key ?? '');
    },
  },
];

export const isServiceKey = ({ store, faults }: Controller, key: string): boolean =>
  !faults['database-lost'] && store.rows.serviceKeys.some((known) => known.key === key);

const serviceKeyShape = {
  type: 'shipyard.ServiceKey',
  fields: { key: 'string', description: 'string' },
} as const;

// Adding a key also loads the engines again: the mildest way to repair a list that lost one.
const add = ({ store, engines, log }: Controller, description: string): Answer => {
  const serviceKey: ServiceKey = { key: randomText(36), description };
  store.rows.serviceKeys.push(serviceKey);
  engines.reload();
  record(store, {
    type: 'add-service-key',
    message: `description=${description}`,
    tags: ['cluster', 'security'],
  });
  log('info', `created service key description=${description}`);
  return untypedJson(omitEmpty(serviceKey));
};

const remove = ({ store, log }: Controller, key: string): Answer => {
  const found = store.rows.serviceKeys.find((known) => known.key === key);
  if (found === undefined) {
    return failure(500, 'service key does not exist');
  }
  store.rows.serviceKeys = store.rows.serviceKeys.filter((known) => known !== found);
  const message = `description=${found.description}`;
  record(store, { type: 'remove-service-key', message, tags: ['cluster', 'security'] });
  log('info', `removed service key ${message}`);
  return empty(204);
};
