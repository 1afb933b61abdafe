import type { Answer } from './answer.ts';
import type { EngineList } from './engine-list.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Store } from './store.ts';

/** One request, read to its end. `path` is decoded and without the query; header names are in lower case. */
export type Request = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string;
  readonly body: string;
  readonly from: string;
};

/** Who sent it. A service key has no account behind it. */
export type Caller =
  { readonly kind: 'account'; readonly username: string } | { readonly kind: 'service-key' };

/** What a handler gets: the request, its caller and the `{}` part of the path. */
export type Call = { readonly request: Request; readonly caller: Caller | undefined; readonly id: string };

export type Route = {
  readonly method: string;
  readonly path: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
};

/** What the handlers share. */
export type Controller = {
  readonly store: Store;
  readonly engines: EngineList;
  readonly faults: Faults;
  readonly log: Log;
};
