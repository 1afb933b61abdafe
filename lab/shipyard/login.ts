import { setTimeout as sleep } from 'node:timers/promises';
import { findAccount, credentialsShape, type Account, type Token } from './account.ts';
import { close, failure, untypedJson } from './answer.ts';
import { isPassword, newToken } from './bcrypt-text.ts';
import type { Controller, Route } from './call.ts';
import { strikes } from './faults.ts';
import { decode } from './go/decode.ts';
import { omitEmpty } from './go/encode.ts';

export const loginRoutes = (controller: Controller): readonly Route[] => [
  {
    method: 'POST',
    path: '/auth/login',
    handle: async ({ request }) => {
      const given = decode(request.body, credentialsShape);
      if (given === undefined) {
        return close;
      }
      const { username = '', password = '' } = given;
      const account = await authenticate(controller, username, password);
      if (account === undefined) {
        controller.log('error', `invalid login for ${username} from ${request.from}`);
        return failure(403, 'invalid username/password');
      }
      return untypedJson(omitEmpty(await giveToken(controller, account, request.header('user-agent'))));
    },
  },
];

/** True when that account holds that token, under whatever User-Agent it was given. */
export const isToken = ({ store, faults }: Controller, username: string, token: string): boolean =>
  !faults['database-lost'] &&
  findAccount(store, username)?.tokens.some(({ auth_token }) => auth_token === token) === true;

const authenticate = async (
  { store, faults }: Controller,
  username: string,
  password: string,
): Promise<Account | undefined> => {
  const account = findAccount(store, username);
  if (account === undefined || faults['database-lost']) {
    return undefined;
  }
  return (await isPassword(password, account.password)) ? account : undefined;
};

/**
 * Replaces the token of that User-Agent. The controller reads the tokens, changes the list and writes it back:
 * of logins at the same time only the last list stays. The pause is the way to the database and back.
 */
const giveToken = async (
  { store, faults }: Controller,
  account: Account,
  userAgent: string,
): Promise<Token> => {
  const token: Token = { auth_token: newToken(), user_agent: userAgent };
  const tokens = account.tokens.filter(({ user_agent }) => user_agent !== userAgent);
  await sleep(5);
  account.tokens = strikes(faults, 'lose-token') ? tokens : [...tokens, token];
  store.rows.issued.push(token);
  store.save();
  return token;
};
