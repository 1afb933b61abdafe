import { exchange } from './shipyard-exchange.ts';
import type { RecordedResponse } from './shipyard-recording.ts';

/** Somebody who is logged in to a controller. */
export type Session = {
  readonly call: (method: string, path: string, body?: unknown) => Promise<RecordedResponse>;
  /** The decoded answer to a GET. */
  readonly read: (path: string) => Promise<unknown>;
};

export type EngineState = {
  readonly id: string;
  readonly engine: { readonly id?: string; readonly addr: string };
  readonly health: { readonly status: string; readonly response_time?: number };
  readonly docker_version?: string;
};

/** Logs in as admin with the password of the first start. */
export const logIn = async (host: string, userAgent = 'test'): Promise<Session> => {
  const login = await post(host, '/auth/login', { username: 'admin', password: 'shipyard' }, userAgent);
  const { auth_token = '' } = JSON.parse(login.body ?? '{}') as { auth_token?: string };
  return sessionWith(host, { 'X-Access-Token': `admin:${auth_token}` });
};

/** Somebody with these credentials, good or bad. */
export const sessionWith = (host: string, credentials: Readonly<Record<string, string>>): Session => {
  const call: Session['call'] = (method, path, body) =>
    exchange(host, {
      method,
      path,
      headers: { 'User-Agent': 'test', ...credentials },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  return {
    call,
    read: async (path) => {
      const answer = await call('GET', path);
      return JSON.parse(answer.body ?? 'null') as unknown;
    },
  };
};

const post = (host: string, path: string, body: unknown, userAgent: string): Promise<RecordedResponse> =>
  exchange(host, { method: 'POST', path, headers: { 'User-Agent': userAgent }, body: JSON.stringify(body) });
