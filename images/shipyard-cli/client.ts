import type { Config } from './config.ts';
import { Fatal } from './exit.ts';
import { send } from './http.ts';
import type { Io } from './io.ts';
import { marshal, unmarshal, type Json } from './json.ts';

/** The controller's API. */
export type Client = {
  /** Sends a request and gives the decoded body. Throws Fatal with the controller's text for another status. */
  readonly call: (method: string, path: string, expected: number, body?: Json) => Promise<unknown>;
};

/** A client of that controller, in the name of that user or service key. */
export const createClient = (config: Config, io: Io): Client => ({
  call: async (method, path, expected, body) => {
    const { status, body: answer } = await send({
      method,
      url: config.url + path,
      headers: { 'User-Agent': 'shipyard-cli', ...credentials(config) },
      body: body === undefined ? undefined : marshal(body),
      allowInsecure: config.allowInsecure,
      authorities: () => trustedAuthorities(io),
      limitMs: io.requestLimitMs,
    });
    if (status === 401) {
      throw new Fatal('unauthorized');
    }
    if (status !== expected) {
      throw new Fatal(answer);
    }
    return method === 'GET' || answer !== '' ? unmarshal(answer) : undefined;
  },
});

/** Does the work, with `context: ` in front of what it fails with. */
export const explain = async <T>(context: string, work: Promise<T>, end = ''): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Fatal ? new Fatal(`${context}: ${error.message}${end}`) : error;
  }
};

// A service key wins. The token header is sent at login too, with an empty token.
const credentials = ({ serviceKey, username, token }: Config): Record<string, string> =>
  serviceKey === '' ? { 'X-Access-Token': `${username}:${token}` } : { 'X-Service-Key': serviceKey };

// As with Go, a file that cannot be read means that nothing is trusted.
const trustedAuthorities = ({ env, files }: Io): readonly string[] | undefined => {
  const file = env['SSL_CERT_FILE'];
  if (file === undefined || file === '') {
    return undefined;
  }
  try {
    return [files.read(file)];
  } catch {
    return [];
  }
};
