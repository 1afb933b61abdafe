import { createClient } from '../client.ts';
import { command, type Context } from '../command.ts';
import { saveConfig, type Config } from '../config.ts';
import { Fatal } from '../exit.ts';
import { member, text } from '../json.ts';
import { askPassword, lineReader } from '../terminal.ts';

/** The two commands that ask for a password. */
export const loginCommands = [
  command('login', 'login to a shipyard cluster', login),
  command('change-password', 'update your password', changePassword),
];

async function login({ io, allowInsecure }: Context): Promise<void> {
  const readLine = lineReader(io.stdin);
  io.stdout.write('URL: ');
  const url = readLine();
  io.stdout.write('Username: ');
  const username = readLine();
  const password = askPassword(io, 'Password: ');
  const config: Config = { url, username, token: '', serviceKey: '', allowInsecure };
  const answer = await createClient(config, io).call('POST', '/auth/login', 200, { password, username });
  saveConfig(io, { ...config, token: text(member(answer, 'auth_token')) });
}

async function changePassword({ io, client }: Context): Promise<void> {
  const shipyard = client();
  const password = askPassword(io, 'Password: ');
  if (askPassword(io, 'Confirm: ') !== password) {
    throw new Fatal('passwords do not match');
  }
  await shipyard.call('POST', '/account/changepassword', 200, { password });
}
