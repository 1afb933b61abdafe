import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, type Answer } from './answer.ts';
import type { Controller, Request } from './call.ts';
import { delayOf, isInsert } from './delay.ts';
import { strikes } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import { createRouter } from './router.ts';

/** The API's HTTP server, not yet listening. Like Go's it has no time limits of its own. */
export const createApiServer = (controller: Controller, seen: RequestLog): Server => {
  const route = createRouter(controller);
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, query } = splitUrl(incoming.url ?? '/');
    const path = decodePath(pathname);
    const method = incoming.method ?? 'GET';
    seen.add({ method, path: pathname, userAgent: headerOf(incoming, 'user-agent') });
    const body = await readBody(incoming);
    const answer =
      path === undefined
        ? failure(400, '400 Bad Request')
        : await route(toRequest({ incoming, method, path, query, body }));
    await sleep(delayOf(controller.faults, { method, path, answer }));
    if (isInsert({ method, path, answer }) && strikes(controller.faults, 'die-after-insert')) {
      response.once('finish', () => process.kill(process.pid, 'SIGKILL'));
    }
    send(response, answer, method);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      // A client that goes away in the middle of its request is none.
      if (incoming.complete) {
        controller.log('error', `defect of the stand-in: ${String(error)}`);
      }
      response.destroy();
    });
  });
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  return server;
};

type Parts = {
  readonly incoming: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
};

const toRequest = ({ incoming, method, path, query, body }: Parts): Request => ({
  method,
  path,
  query: new URLSearchParams(query),
  header: (name) => headerOf(incoming, name),
  body,
  from: `${incoming.socket.remoteAddress ?? ''}:${incoming.socket.remotePort ?? 0}`,
});

const headerOf = (incoming: IncomingMessage, name: string): string => {
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : '';
};

// Not `new URL`: that would clean the path, and the controller's answer to an unclean one is part of the contract.
const splitUrl = (url: string): { pathname: string; query: string } => {
  const mark = url.indexOf('?');
  return mark === -1
    ? { pathname: url, query: '' }
    : { pathname: url.slice(0, mark), query: url.slice(mark + 1) };
};

const decodePath = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

const readBody = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
};

const send = (response: ServerResponse, answer: Answer, method: string): void => {
  if (answer.kind === 'close') {
    response.socket?.destroy();
    return;
  }
  const { status, headers, body } = answer;
  // Go counts what fits its buffer and sends the rest in chunks.
  const counted = status !== 204 && Buffer.byteLength(body) <= 2048;
  response.writeHead(status, {
    ...headers,
    ...(counted ? { 'Content-Length': Buffer.byteLength(body).toString() } : {}),
  });
  response.end(method === 'HEAD' ? undefined : body);
};
