import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { createAlertingFront } from './shipyard-alerting-front.ts';
import type { KeyPair } from './shipyard-pki.ts';

/** How an engine behaves: `old-api-refused` is a Docker 25, `silent` accepts connections and says nothing. */
export type EngineMode = 'healthy' | 'failing' | 'old-api-refused' | 'silent';

/** One that stands for a dockerd. Both URLs of it have the same port. */
export type FakeEngine = {
  readonly port: number;
  /** `GET /_ping` and so on, in the order of their arrival, with the milliseconds of `performance.now()`. */
  readonly requests: { readonly line: string; readonly at: number }[];
  mode: EngineMode;
  /** Refuses connections until `open`. */
  readonly shut: () => Promise<void>;
  readonly open: () => Promise<void>;
};

export type EngineOptions = {
  readonly tls?: { readonly server: KeyPair; readonly clientAuthority: string };
  readonly version?: string;
  /** One running container with 64 MB and its one image, as in the recorded CLI runs. */
  readonly containers?: 0 | 1;
};

/** Starts one on a free port of 127.0.0.1. `shut` ends it. */
export const startFakeEngine = async (options: EngineOptions = {}): Promise<FakeEngine> => {
  const open = new Set<Socket>();
  const requests: { line: string; at: number }[] = [];
  const api = createPlainServer((incoming, response) => {
    requests.push({ line: `${incoming.method ?? ''} ${incoming.url ?? ''}`, at: performance.now() });
    answer(incoming, response, engine.mode, options);
  });
  api.keepAliveTimeout = 0;
  const front = frontOf(api, options);
  const listener = createTcpServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    if (engine.mode !== 'silent') {
      front(socket);
    }
  });
  const port = await listen(listener, 0);
  const engine: FakeEngine = {
    port,
    requests,
    mode: 'healthy',
    open: async () => {
      await listen(listener, port);
    },
    shut: () =>
      new Promise((resolve) => {
        listener.close(() => {
          resolve();
        });
        open.forEach((socket) => socket.destroy());
      }),
  };
  return engine;
};

const frontOf = (api: Server, { tls }: EngineOptions): ((socket: Socket) => void) =>
  tls === undefined
    ? (socket) => api.emit('connection', socket)
    : createAlertingFront(api, tls.server, tls.clientAuthority);

const listen = (server: TcpServer, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

const answer = (
  incoming: IncomingMessage,
  response: ServerResponse,
  mode: EngineMode,
  { version = '1.5.0', containers = 0 }: EngineOptions,
): void => {
  const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
  const json = (value: unknown): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  };
  if (path.startsWith('//')) {
    response.writeHead(301, { Location: path.slice(1) }).end();
  } else if (path === '/_ping') {
    response.writeHead(mode === 'failing' ? 500 : 200).end('OK');
  } else if (mode === 'old-api-refused') {
    response.writeHead(400).end('{"message":"client version 1.15 is too old."}');
  } else if (path === '/v1.15/version') {
    json({ Version: version });
  } else if (path === '/v1.15/containers/json') {
    json(containers === 1 ? [{ Id: container.Id, Image: 'bb:latest' }] : []);
  } else if (path === `/v1.15/containers/${container.Id}/json`) {
    json(container);
  } else if (path === '/v1.15/images/json') {
    json(containers === 1 ? [{ RepoTags: ['bb:latest'] }] : []);
  } else {
    response.writeHead(404).end('page not found\n');
  }
};

const container = {
  Id: '502fceacb1b02bae2c750eb5b1d8601803fee2be5bd64f596a691945ff33fb81',
  Name: '/c1',
  Config: { Hostname: 'vm', Memory: 64 * 1024 * 1024, CpuShares: 0, Env: [] },
  HostConfig: { NetworkMode: 'host', RestartPolicy: { Name: 'no' } },
  State: { Running: true },
};
