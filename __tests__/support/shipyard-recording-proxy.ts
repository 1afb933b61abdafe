import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from './shipyard-pki.ts';
import type { RecordedExchange, RecordedResponse } from './shipyard-recording.ts';

/** Stands in front of a controller and keeps what passes, as the recordings were made. */
export type RecordingProxy = {
  readonly host: string;
  readonly wire: Omit<RecordedExchange, 'name'>[];
  readonly stop: () => void;
};

/** Starts one on a free port of 127.0.0.1; with a certificate it takes https. */
export const startRecordingProxy = async (controller: string, tls?: KeyPair): Promise<RecordingProxy> => {
  const wire: Omit<RecordedExchange, 'name'>[] = [];
  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    void relay(controller, incoming, response).then((exchange) => wire.push(exchange));
  };
  const server =
    tls === undefined
      ? createServer(serve)
      : createSecureServer({ cert: tls.certificate, key: tls.key }, serve);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    wire,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

const relay = async (
  controller: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Omit<RecordedExchange, 'name'>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  const seen = {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: pairsOf(incoming.rawHeaders),
    body: body.length === 0 ? undefined : body.toString(),
  };
  return new Promise((resolve) => {
    const [hostname = '', port = ''] = controller.split(':');
    const { method, path } = seen;
    const sent = request({ hostname, port, method, path, headers: incoming.rawHeaders, agent: false });
    sent.once('error', () => {
      response.socket?.destroy();
      resolve({ request: seen, response: { error: 'closed' } });
    });
    sent.once('response', (received) => {
      const answered: Buffer[] = [];
      received.on('data', (chunk: Buffer) => answered.push(chunk));
      received.once('end', () => {
        const text = Buffer.concat(answered);
        const answer: RecordedResponse = {
          status: received.statusCode ?? 0,
          headers: new Map(Object.entries(received.headers).map(([name, value]) => [name, String(value)])),
          body: text.toString(),
        };
        resolve({ request: seen, response: answer });
        response.writeHead(answer.status, received.rawHeaders).end(text);
      });
    });
    sent.end(body);
  });
};

/** Headers as Node gives them in one flat list. */
export const pairsOf = (raw: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [])));
