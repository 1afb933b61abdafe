import { request as plainRequest, type ClientRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { Fatal } from './exit.ts';
import { describeNetworkError } from './network-error.ts';
import { checkUrl } from './url.ts';

export type Outgoing = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Takes any certificate of the server. */
  readonly allowInsecure: boolean;
  /** PEM certificates to trust instead of the usual ones; asked for only where there is a certificate to check. */
  readonly authorities: () => readonly string[] | undefined;
  readonly limitMs: number;
};

export type Incoming = { readonly status: number; readonly body: string };

/**
 * Sends a request and follows redirects as Go does: after 301 to 303 with GET. Credentials stay with the host that
 * they are meant for. Throws Fatal in Go's words when there is no answer within the limit, or none at all.
 */
export const send = async (outgoing: Outgoing): Promise<Incoming> => {
  const deadline = AbortSignal.timeout(outgoing.limitMs);
  let next = outgoing;
  for (let hops = 0; hops < 10; hops += 1) {
    const { location, ...incoming } = await sendOnce(next, deadline);
    if (location === undefined) {
      return incoming;
    }
    next = redirected(next, incoming.status, location);
  }
  throw new Fatal(`${prefix(next)}: stopped after 10 redirects`);
};

type Answer = Incoming & { readonly location: string | undefined };

const sendOnce = async (outgoing: Outgoing, deadline: AbortSignal): Promise<Answer> => {
  checkUrl(outgoing.url, prefix(outgoing));
  try {
    return await exchange(outgoing, deadline);
  } catch (error) {
    const reason = deadline.aborted
      ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      : describeNetworkError(error);
    throw new Fatal(`${prefix(outgoing)}: ${reason}`);
  }
};

const exchange = (outgoing: Outgoing, signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { body, headers } = outgoing;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body).toString() };
    const sent = open(outgoing, { signal, method: outgoing.method, headers: { ...headers, ...length } });
    sent.once('error', reject);
    sent.once('response', (received) => {
      const chunks: Buffer[] = [];
      received.on('data', (chunk: Buffer) => chunks.push(chunk));
      received.once('error', reject);
      received.once('end', () => {
        const status = received.statusCode ?? 0;
        resolve({
          status,
          body: Buffer.concat(chunks).toString(),
          location: redirects.has(status) ? received.headers.location : undefined,
        });
      });
    });
    sent.end(body);
  });

const open = ({ url, allowInsecure, authorities }: Outgoing, options: RequestOptions): ClientRequest => {
  // No connection is kept: nothing may hold the process when the work is done.
  const common = { ...options, agent: false } as const;
  if (!url.toLowerCase().startsWith('https:')) {
    return plainRequest(url, common);
  }
  const ca = allowInsecure ? undefined : authorities();
  const trust = ca === undefined ? {} : { ca: [...ca] };
  return secureRequest(url, { ...common, ...trust, rejectUnauthorized: !allowInsecure });
};

const redirected = (outgoing: Outgoing, status: number, location: string): Outgoing => {
  const target = new URL(location, outgoing.url);
  const sameHost = target.host === new URL(outgoing.url).host;
  const headers = { ...outgoing.headers, Referer: outgoing.url };
  return {
    ...outgoing,
    url: target.href,
    headers: sameHost ? headers : withoutCredentials(headers),
    ...(status === 307 || status === 308 ? {} : { method: 'GET', body: undefined }),
  };
};

const withoutCredentials = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('X-')));

const prefix = ({ method, url }: Outgoing): string =>
  `${method.charAt(0)}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}`;

const redirects = new Set([301, 302, 303, 307, 308]);
