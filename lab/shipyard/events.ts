import { empty, failure, json } from './answer.ts';
import type { Controller, Route } from './call.ts';
import { publishEngine, type Engine } from './engine-row.ts';
import { omitEmpty, type Json } from './go/encode.ts';
import { quote } from './go/quote.ts';
import type { Store } from './store.ts';

export type Event = {
  readonly type: string;
  readonly engine?: Engine;
  /** RFC 3339 in UTC, to the second. */
  readonly time: string;
  readonly message: string;
  readonly tags: readonly string[];
};

export const eventRoutes = ({ store, log }: Controller): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/events',
    handle: ({ request }) => {
      // The limit is read, and then forgotten: all events are listed.
      const limit = request.query.get('limit') ?? '';
      return limit === '' || /^[+-]?\d+$/.test(limit)
        ? json(store.rows.events.toReversed().map(publish))
        : failure(500, `strconv.Atoi: parsing ${quote(limit)}: invalid syntax`);
    },
  },
  {
    method: 'DELETE',
    path: '/api/events',
    handle: () => {
      store.rows.events = [];
      store.save();
      log('info', 'cluster events purged');
      return empty(204, { 'Content-Type': 'application/json' });
    },
  },
];

/** Adds an event of now and saves the rows. */
export const record = (store: Store, event: Omit<Event, 'time'>): void => {
  store.rows.events.push({ ...event, time: new Date().toISOString().replace(/\.\d+Z$/, 'Z') });
  store.save();
};

const publish = ({ type, engine, time, message, tags }: Event): Json =>
  omitEmpty({
    type,
    container: {},
    engine: engine === undefined ? {} : publishEngine(engine),
    time,
    message,
    tags,
  });
