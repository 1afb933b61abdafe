import { accountRoutes } from './account.ts';
import { answer, failure, json, notFound, withHeader, type Answer } from './answer.ts';
import { identify, mayUse, sessionCookie } from './auth.ts';
import type { Call, Caller, Controller, Request, Route } from './call.ts';
import { clusterRoutes } from './cluster.ts';
import { engineRoutes } from './engines.ts';
import { eventRoutes } from './events.ts';
import { GoError } from './go/error.ts';
import { loginRoutes } from './login.ts';
import { serviceKeyRoutes } from './service-keys.ts';
import { userInterface } from './user-interface.ts';

/** Answers one request as the controller does: clean path, then login, then role, then handler. */
export type Router = (request: Request) => Promise<Answer>;

export const createRouter = (controller: Controller): Router => {
  const routes: readonly Route[] = [
    ...loginRoutes(controller),
    ...accountRoutes(controller),
    ...engineRoutes(controller),
    ...clusterRoutes(controller),
    ...eventRoutes(controller),
    ...serviceKeyRoutes(controller),
    { method: 'GET', path: '/api/webhookkeys', handle: () => json([]) },
    { method: 'GET', path: '/api/extensions', handle: () => json([]) },
  ];
  return async (request) => {
    const cleaned = cleanPath(request.path);
    if (cleaned !== request.path) {
      return redirect(request, cleaned);
    }
    if (/^\/(auth|hub)\//.test(cleaned)) {
      return dispatch(routes, request, undefined);
    }
    return /^\/(api|account)\//.test(cleaned)
      ? guard(controller, routes, request)
      : userInterface(request.path);
  };
};

const guard = async (controller: Controller, routes: readonly Route[], request: Request): Promise<Answer> => {
  const caller = identify(controller, request);
  if (caller === undefined) {
    controller.log('warning', `unauthorized request for ${request.path} from ${request.from}`);
    return failure(401, 'unauthorized');
  }
  const answered =
    request.path.startsWith('/account/') || mayUse(controller, request)
      ? await dispatch(routes, request, caller)
      : failure(403, 'access denied');
  return caller.kind === 'account' ? withHeader(answered, 'Set-Cookie', sessionCookie()) : answered;
};

const dispatch = async (
  routes: readonly Route[],
  request: Request,
  caller: Caller | undefined,
): Promise<Answer> => {
  for (const route of routes) {
    const id = matchPath(route.path, request.path);
    if (route.method === request.method && id !== undefined) {
      return handle(route, { request, caller, id });
    }
  }
  return notFound();
};

// What a Go handler reports with http.Error(err, 500) is thrown as GoError here.
const handle = async (route: Route, call: Call): Promise<Answer> => {
  try {
    return await route.handle(call);
  } catch (error) {
    if (error instanceof GoError) {
      return failure(500, error.message);
    }
    throw error;
  }
};

/** What stands for `{}`, `''` where the pattern has none, `undefined` where the path does not match. */
const matchPath = (pattern: string, path: string): string | undefined => {
  if (!pattern.endsWith('/{}')) {
    return pattern === path ? '' : undefined;
  }
  const prefix = pattern.slice(0, -2);
  const rest = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  return rest === '' || rest.includes('/') ? undefined : rest;
};

const cleanPath = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      kept.pop();
    } else if (segment !== '' && segment !== '.') {
      kept.push(segment);
    }
  }
  const cleaned = `/${kept.join('/')}`;
  return (path.endsWith('/') && cleaned !== '/') || roots.has(cleaned) ? `${cleaned}/` : cleaned;
};

const roots = new Set(['/api', '/account', '/auth', '/hub']);

const redirect = ({ method, query }: Request, path: string): Answer => {
  const location = query.size === 0 ? path : `${path}?${query.toString()}`;
  if (method !== 'GET' && method !== 'HEAD') {
    return answer(301, { Location: location }, '');
  }
  const headers = { 'Content-Type': 'text/html; charset=utf-8', Location: location };
  return answer(301, headers, `<a href="${encodeURI(location)}">Moved Permanently</a>.\n\n`);
};
