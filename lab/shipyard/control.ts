import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { noFaults, setFault, type Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

/**
 * The server that tests drive the stand-in by, apart from the API:
 * `GET /requests` lists what came in, `DELETE /requests` forgets it, `GET /faults` shows the faults,
 * `PUT /faults` sets them all (a fault that the body does not name is off).
 */
export const createControlServer = (faults: Faults, seen: RequestLog): Server =>
  createServer((incoming, response) => {
    control(incoming, faults, seen)
      .then((value) => {
        sendJson(response, 200, value);
      })
      .catch((error: unknown) => {
        sendJson(response, 400, { error: String(error) });
      });
  });

const control = async (incoming: IncomingMessage, faults: Faults, seen: RequestLog): Promise<unknown> => {
  switch (`${incoming.method ?? ''} ${incoming.url ?? ''}`) {
    case 'GET /requests':
      return seen.all();
    case 'DELETE /requests':
      seen.clear();
      return [];
    case 'GET /faults':
      return faults;
    case 'PUT /faults':
      return replace(faults, await readJson(incoming));
    default:
      throw new Error('known are GET and DELETE /requests, GET and PUT /faults');
  }
};

const replace = (faults: Faults, wanted: unknown): Faults => {
  if (typeof wanted !== 'object' || wanted === null) {
    throw new Error('expected a JSON object');
  }
  const next = noFaults();
  for (const [name, value] of Object.entries(wanted)) {
    setFault(next, name, String(value));
  }
  return Object.assign(faults, next);
};

const readJson = async (incoming: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
};

const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
};
