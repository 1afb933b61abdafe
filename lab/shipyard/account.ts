import { randomUUID } from 'node:crypto';
import { close, empty, failure, json, type Answer } from './answer.ts';
import { hashPassword } from './bcrypt-text.ts';
import type { Controller, Route } from './call.ts';
import { record } from './events.ts';
import { decode } from './go/decode.ts';
import { omitEmpty } from './go/encode.ts';
import type { Store } from './store.ts';

export type Role = { readonly id: string; readonly name: string };

/** One token for each User-Agent that ever logged in. */
export type Token = { readonly auth_token: string; readonly user_agent: string };

/** `password` is the hash. */
export type Account = {
  readonly id: string;
  readonly username: string;
  password: string;
  readonly role: Role | undefined;
  tokens: readonly Token[];
};

export const accountRoutes = ({ store, log }: Controller): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/accounts',
    handle: () => json(byName(store.rows.accounts, ({ username }) => username).map(publish)),
  },
  {
    method: 'POST',
    path: '/api/accounts',
    handle: async ({ request }) => {
      const given = decode(request.body, accountShape);
      if (given === undefined) {
        return close;
      }
      const { username = '', password = '' } = given;
      const role = given.role && { id: given.role.id ?? '', name: given.role.name ?? '' };
      await saveAccount(store, { username, password, role });
      log('info', `saved account ${username}`);
      return empty(204);
    },
  },
  {
    method: 'DELETE',
    path: '/api/accounts',
    handle: ({ request }) => {
      const given = decode(request.body, accountShape);
      return given === undefined ? close : deleteAccount(store, given.username ?? '');
    },
  },
  {
    method: 'POST',
    path: '/account/changepassword',
    handle: async ({ request, caller }) => {
      const given = decode(request.body, credentialsShape);
      // The controller takes the name from the session, which a service key does not have.
      if (given === undefined || caller?.kind !== 'account') {
        return close;
      }
      await setPassword(store, caller.username, given.password ?? '');
      return empty(200);
    },
  },
  {
    method: 'GET',
    path: '/api/roles',
    handle: () => json(byName(store.rows.roles, ({ name }) => name).map(omitEmpty)),
  },
  {
    method: 'GET',
    path: '/api/roles/{}',
    handle: ({ id }) => {
      const role = store.rows.roles.find(({ name }) => name === id);
      return role === undefined ? failure(500, 'role does not exist') : json(omitEmpty(role));
    },
  },
];

/** The first start: the roles admin and user, and the account admin with the password shipyard. */
export const createFirstAccount = async (store: Store): Promise<void> => {
  for (const name of ['admin', 'user']) {
    store.rows.roles.push({ id: randomUUID(), name });
    record(store, { type: 'add-role', message: `name=${name}`, tags: ['cluster', 'security'] });
  }
  await saveAccount(store, { username: 'admin', password: 'shipyard', role: store.rows.roles[0] });
};

export const findAccount = (store: Store, username: string): Account | undefined =>
  store.rows.accounts.find((account) => account.username === username);

export const credentialsShape = {
  type: 'main.Credentials',
  fields: { username: 'string', password: 'string' },
} as const;

const roleShape = { type: 'shipyard.Role', fields: { id: 'string', name: 'string' } } as const;

const accountShape = {
  type: 'shipyard.Account',
  fields: { id: 'string', username: 'string', password: 'string', role: roleShape },
} as const;

type NewAccount = { readonly username: string; readonly password: string; readonly role: Role | undefined };

// An account that is there keeps its role; only the password changes, and no event tells of it.
const saveAccount = async (store: Store, { username, password, role }: NewAccount): Promise<void> => {
  if (findAccount(store, username) !== undefined) {
    await setPassword(store, username, password);
    return;
  }
  const hash = await hashPassword(password);
  store.rows.accounts.push({ id: randomUUID(), username, password: hash, role, tokens: [] });
  record(store, { type: 'add-account', message: `username=${username}`, tags: ['cluster', 'security'] });
};

const setPassword = async (store: Store, username: string, password: string): Promise<void> => {
  const hash = await hashPassword(password);
  const account = findAccount(store, username);
  if (account !== undefined) {
    account.password = hash;
    store.save();
  }
};

const deleteAccount = (store: Store, username: string): Answer => {
  const account = findAccount(store, username);
  if (account === undefined) {
    return failure(500, 'account does not exist');
  }
  store.rows.accounts = store.rows.accounts.filter((other) => other !== account);
  record(store, { type: 'delete-account', message: `username=${username}`, tags: ['cluster', 'security'] });
  return empty(204);
};

// Tokens are not shown; the hash is.
const publish = ({ id, username, password, role }: Account): ReturnType<typeof omitEmpty> =>
  omitEmpty({ id, username, password, role: role && omitEmpty(role) });

const byName = <T>(items: readonly T[], name: (item: T) => string): T[] =>
  items.toSorted((one, other) => (name(one) < name(other) ? -1 : 1));
