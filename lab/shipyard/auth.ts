import { randomBytes } from 'node:crypto';
import { findAccount } from './account.ts';
import type { Caller, Controller, Request } from './call.ts';
import { isToken } from './login.ts';
import { isServiceKey } from './service-keys.ts';

/** Who sent a request, or `undefined` for 401. A service key counts before a token, also when it is wrong. */
export const identify = (controller: Controller, request: Request): Caller | undefined => {
  const serviceKey = request.header('x-service-key');
  if (serviceKey !== '') {
    return isServiceKey(controller, serviceKey) ? { kind: 'service-key' } : undefined;
  }
  const credentials = tokenOf(request);
  return credentials !== undefined && isToken(controller, credentials.username, credentials.token)
    ? { kind: 'account', username: credentials.username }
    : undefined;
};

/** False for 403. It looks at a token even where a service key has already let the request in. */
export const mayUse = (controller: Controller, request: Request): boolean => {
  const credentials = tokenOf(request);
  if (credentials === undefined) {
    return true;
  }
  const { username, token } = credentials;
  const role = findAccount(controller.store, username)?.role?.name;
  return isToken(controller, username, token) && (role === 'admin' || isForUsers(role, request.path));
};

/** The cookie that every answer to a token carries. Nothing reads it back. */
export const sessionCookie = (): string => {
  const seconds = 30 * 24 * 60 * 60;
  const expires = new Date(Date.now() + seconds * 1000).toUTCString();
  return `shipyard=${randomBytes(96).toString('base64url')}; Path=/; Expires=${expires}; Max-Age=${seconds}`;
};

const isForUsers = (role: string | undefined, path: string): boolean =>
  role === 'user' && userPaths.some((prefix) => path.startsWith(prefix));

const userPaths = ['/api/containers', '/api/cluster/info', '/api/events', '/api/engines'];

// Exactly one colon: a user name with a colon can never authenticate.
const tokenOf = (request: Request): { username: string; token: string } | undefined => {
  const [username, token, ...more] = request.header('x-access-token').split(':');
  return username === undefined || token === undefined || more.length > 0 ? undefined : { username, token };
};
