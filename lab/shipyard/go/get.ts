import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { GoError } from './error.ts';
import { describeNetworkError, dialTimeout } from './network-error.ts';
import { parseTarget, type Target } from './target.ts';

/** How to reach an engine; `verify` checks the server's certificate against the roots of the system. */
export type GetOptions = {
  readonly dialLimitMs: number;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly verify: boolean;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Got = { readonly status: number; readonly reason: string; readonly body: string };

/**
 * One GET on a connection of its own, redirects followed. Only the dial has a limit: like the controller,
 * it waits for ever for a handshake or an answer. Rejects with GoError in the words of Go's http client.
 */
export const get = async (url: string, options: GetOptions): Promise<Got> => {
  let here = url;
  for (let hops = 0; hops < 10; hops += 1) {
    const answer = await getOnce(here, options);
    if (answer.location === undefined) {
      return answer;
    }
    here = new URL(answer.location, here).href;
  }
  throw new GoError(`Get ${JSON.stringify(here)}: stopped after 10 redirects`);
};

type Answer = Got & { readonly location: string | undefined };

const getOnce = async (url: string, options: GetOptions): Promise<Answer> => {
  const target = parseTarget(url);
  let socket: Socket | undefined;
  try {
    socket = await dial(target.hostname, target.port, options.dialLimitMs);
    return await exchange(
      target.scheme === 'https' ? secure(socket, target, options) : socket,
      target,
      options,
    );
  } catch (error) {
    throw new GoError(`Get ${JSON.stringify(url)}: ${describeNetworkError(error)}`);
  } finally {
    socket?.destroy();
  }
};

const dial = (host: string, port: number, limitMs: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const limit = setTimeout(() => socket.destroy(dialTimeout(host, port)), limitMs);
    socket.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(limit);
      resolve(socket);
    });
  });

const secure = (socket: Socket, { hostname }: Target, options: GetOptions): Socket =>
  tlsConnect({
    socket,
    servername: isIP(hostname) === 0 ? hostname : '',
    rejectUnauthorized: options.verify,
    // Go has no security levels: short keys and old signatures work.
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...(options.certificate === undefined ? {} : { cert: options.certificate }),
    ...(options.key === undefined ? {} : { key: options.key }),
  });

const exchange = (socket: Socket, target: Target, options: GetOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        createConnection: () => socket,
        path: encodeURI(decodeURI(target.path)),
        setHost: false,
        headers: {
          Host: target.host,
          'User-Agent': 'Go-http-client/1.1',
          ...options.headers,
          'Accept-Encoding': 'gzip',
        },
      },
      (received) => {
        const chunks: Buffer[] = [];
        received.on('data', (chunk: Buffer) => chunks.push(chunk));
        received.once('error', reject);
        received.once('end', () => {
          const status = received.statusCode ?? 0;
          resolve({
            status,
            reason: received.statusMessage ?? '',
            body: Buffer.concat(chunks).toString(),
            location: redirects.has(status) ? received.headers.location : undefined,
          });
        });
      },
    );
    // Go writes no Connection header.
    sent.removeHeader('Connection');
    sent.once('error', reject);
    sent.end();
  });

const redirects = new Set([301, 302, 303, 307, 308]);
