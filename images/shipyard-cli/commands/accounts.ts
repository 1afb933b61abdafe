import { explain } from '../client.ts';
import { command, textFlag, type Command, type Context } from '../command.ts';
import { Fatal } from '../exit.ts';
import { list, member, omitEmpty, text } from '../json.ts';
import { table } from '../table.ts';

export const accountCommands: readonly Command[] = [
  command('accounts', 'show accounts', accounts),
  {
    ...command('add-account', 'add account', addAccount),
    flags: [
      textFlag(['username', 'u'], 'account username'),
      textFlag(['password', 'p'], 'account password'),
      textFlag(['role', 'r'], 'account role (admin, user)'),
    ],
  },
  {
    ...command('delete-account', 'delete account', deleteAccount),
    description: 'delete-account <username> [<username>]',
  },
];

async function accounts({ io, client }: Context): Promise<void> {
  const found = await explain('error getting accounts', client().call('GET', '/api/accounts', 200));
  const rows = list(found).map((account) => [
    text(member(account, 'username')),
    text(member(member(account, 'role'), 'name')),
  ]);
  io.stdout.write(table(['Username', 'Role'], rows));
}

async function addAccount({ flags, client }: Context): Promise<void> {
  const shipyard = client();
  const username = flags.text('username');
  const password = flags.text('password');
  if (username === '' || password === '') {
    throw new Fatal('you must specify a username and password');
  }
  const found = await shipyard.call('GET', `/api/roles/${flags.text('role')}`, 200);
  const role = omitEmpty({ id: text(member(found, 'id')), name: text(member(found, 'name')) });
  const account = { username, password, role };
  await explain('error adding account', shipyard.call('POST', '/api/accounts', 204, account));
}

async function deleteAccount({ flags, client }: Context): Promise<void> {
  const shipyard = client();
  for (const username of flags.rest) {
    await explain('error deleting account', shipyard.call('DELETE', '/api/accounts', 204, { username }));
  }
}
