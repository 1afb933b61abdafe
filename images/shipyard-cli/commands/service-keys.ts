import { explain } from '../client.ts';
import { command, textFlag, type Command, type Context } from '../command.ts';
import { list, member, omitEmpty, text } from '../json.ts';
import { table } from '../table.ts';

export const serviceKeyCommands: readonly Command[] = [
  command('service-keys', 'list service keys', serviceKeys),
  {
    ...command('add-service-key', 'adds a service key', addServiceKey),
    flags: [textFlag(['description', 'd'], 'service key description')],
  },
  {
    ...command('remove-service-key', 'removes a service key', removeServiceKey),
    description: 'remove-service-key <key> [<key>]',
  },
];

async function serviceKeys({ io, client }: Context): Promise<void> {
  const found = await explain('error getting service keys', client().call('GET', '/api/servicekeys', 200));
  const rows = list(found).map((key) => [text(member(key, 'key')), text(member(key, 'description'))]);
  io.stdout.write(table(['Key', 'Description'], rows));
}

async function addServiceKey({ io, flags, client }: Context): Promise<void> {
  const body = omitEmpty({ description: flags.text('description') });
  const call = client().call('POST', '/api/servicekeys', 200, body);
  const key = await explain('error generating service key', call, '\n');
  io.stdout.write(`created key: ${text(member(key, 'key'))}\n`);
}

async function removeServiceKey({ io, flags, client }: Context): Promise<void> {
  const shipyard = client();
  for (const key of flags.rest) {
    await explain('error removing service key', shipyard.call('DELETE', '/api/servicekeys', 204, { key }));
    io.stdout.write(`removed ${key}\n`);
  }
}
