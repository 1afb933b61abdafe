import { request } from 'node:http';
import type { RecordedRequest, RecordedResponse } from './shipyard-recording.ts';

/** Sends exactly that request to `host:port`, on a connection of its own, and gives what came back. */
export const exchange = (
  host: string,
  { method, path, headers, body }: RecordedRequest,
): Promise<RecordedResponse> =>
  new Promise((resolve) => {
    const [hostname = '', port = ''] = host.split(':');
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const sent = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ error: error.code === 'ECONNREFUSED' ? 'refused' : 'closed' });
    });
    sent.once('response', (received) => {
      const chunks: Buffer[] = [];
      received.on('data', (chunk: Buffer) => chunks.push(chunk));
      received.once('end', () => {
        const values = Object.entries(received.headers).map(
          ([name, value]) => [name, String(value)] as const,
        );
        resolve({
          status: received.statusCode ?? 0,
          headers: new Map(values),
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.end(body);
  });

/** What a recorded answer without a status was: the names that `exchange` gives them. */
export const errorKind = (error: string): 'refused' | 'closed' | 'silent' => {
  if (/refused/i.test(error)) {
    return 'refused';
  }
  return /timed out/i.test(error) ? 'silent' : 'closed';
};
