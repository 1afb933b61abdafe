import { explain } from '../client.ts';
import { command, textFlag, type Command, type Context } from '../command.ts';
import { Fatal } from '../exit.ts';
import { readEngine, readEngines, writeEngine } from '../engine.ts';
import { fixed, parseFloat64, unsupportedNumber } from '../go-text.ts';
import { marshal } from '../json.ts';
import { readPemFiles } from '../pem-files.ts';
import { table } from '../table.ts';

export const engineCommands: readonly Command[] = [
  command('engines', 'list engines', engines),
  {
    ...command('add-engine', 'add shipyard engine', addEngine),
    flags: [
      textFlag(['id'], 'engine id'),
      textFlag(['addr'], 'engine address', 'http://127.0.0.1:2375'),
      textFlag(['cpus'], 'engine cpus', '1.0'),
      textFlag(['memory'], 'engine memory', '1024'),
      { kind: 'texts', names: ['label'], usage: 'engine labels' },
      textFlag(['ssl-cert'], 'path to ssl certificate'),
      textFlag(['ssl-key'], 'path to ssl key'),
      textFlag(['ca-cert'], 'path to ca certificate'),
    ],
  },
  {
    ...command('remove-engine', 'removes an engine', removeEngine),
    description: 'remove-engine <id> [<id>]',
  },
  {
    ...command('inspect-engine', 'inspect an engine', inspectEngine),
    description: 'inspect-engine <id>',
  },
];

async function engines({ io, client }: Context): Promise<void> {
  const found = readEngines(
    await explain('error getting engines', client().call('GET', '/api/engines', 200)),
  );
  const rows = found.map(({ id, engine, health, dockerVersion }) => [
    id,
    engine.id,
    fixed(engine.cpus, 2),
    fixed(engine.memory, 2),
    engine.addr,
    engine.labels.join(','),
    health?.status ?? '',
    health === undefined || health.responseTime === 0 ? '-' : fixed(health.responseTime / 1e6, 1),
    dockerVersion,
  ]);
  io.stdout.write(table(header, rows));
}

const header = [
  ...['ID', 'Name', 'Cpus', 'Memory', 'Host', 'Labels'],
  ...['Health', 'Response Time (ms)', 'Docker Version'],
];

async function addEngine({ io, flags, client }: Context): Promise<void> {
  const shipyard = client();
  const id = flags.text('id');
  const addr = flags.text('addr');
  if (id === '' || addr === '') {
    throw new Fatal('you must specify an id and address');
  }
  const pem = readPemFiles(io.files, {
    certificate: flags.text('ssl-cert'),
    key: flags.text('ssl-key'),
    authority: flags.text('ca-cert'),
  });
  const cpus = parseFloat64(flags.text('cpus'));
  const memory = parseFloat64(flags.text('memory'));
  const unsupported = unsupportedNumber(cpus) ?? unsupportedNumber(memory);
  if (unsupported !== undefined) {
    throw new Fatal(`error adding engine: json: unsupported value: ${unsupported}`);
  }
  const engine = { id, addr, cpus, memory, labels: flags.texts('label') };
  const body = writeEngine({ id: '', ...pem, engine, health: undefined, dockerVersion: '' });
  await explain('error adding engine', shipyard.call('POST', '/api/engines', 201, body));
}

async function removeEngine({ io, flags, client }: Context): Promise<void> {
  const shipyard = client();
  const found = readEngines(
    await explain('error removing engine', shipyard.call('GET', '/api/engines', 200), '\n'),
  );
  for (const { id, engine } of found.filter(({ id }) => flags.rest.includes(id))) {
    await explain('error removing engine', shipyard.call('DELETE', `/api/engines/${id}`, 204));
    io.stdout.write(`removed ${engine.id}\n`);
  }
}

async function inspectEngine({ io, flags, client }: Context): Promise<void> {
  const shipyard = client();
  const [id] = flags.rest;
  if (id === undefined) {
    throw new Fatal('you must specify an id');
  }
  const found = await explain('error inspecting engine', shipyard.call('GET', `/api/engines/${id}`, 200));
  io.stdout.write(found === null ? 'null\n' : `${marshal(writeEngine(readEngine(found)), 4)}\n`);
}
