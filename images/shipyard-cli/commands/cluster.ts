import { explain } from '../client.ts';
import { command, type Command, type Context } from '../command.ts';
import { fixed } from '../go-text.ts';
import { list, member, number, text } from '../json.ts';
import { table } from '../table.ts';

export const containerCommand: Command = command('containers', 'list containers', containers);

export const clusterCommands: readonly Command[] = [
  command('info', 'show cluster info', info),
  command('events', 'show cluster events', events),
];

async function info({ io, client }: Context): Promise<void> {
  const found = await explain('error getting cluster info', client().call('GET', '/api/cluster/info', 200));
  const amount = (name: string): number => number(member(found, name));
  const lines = [
    `Controller Version: ${text(member(found, 'version'))}`,
    `Cpus: ${fixed(amount('cpus'), 2)}`,
    `Memory: ${fixed(amount('memory'), 2)} MB`,
    `Containers: ${amount('container_count')}`,
    `Images: ${amount('image_count')}`,
    `Engines: ${amount('engine_count')}`,
    `Reserved Cpus: ${share(amount('reserved_cpus'), amount('cpus'))} (${fixed(amount('reserved_cpus'), 2)})`,
    `Reserved Memory: ${share(amount('reserved_memory'), amount('memory'))} (${fixed(amount('reserved_memory'), 2)} MB)`,
  ];
  io.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

const share = (part: number, whole: number): string =>
  `${fixed(part > 0 && whole > 0 ? (part / whole) * 100 : 0, 2)}%`;

async function events({ io, client }: Context): Promise<void> {
  const found = await explain('error getting events', client().call('GET', '/api/events', 200));
  const rows = list(found).map((event) => {
    const container = text(member(member(event, 'container'), 'id'));
    const message = text(member(event, 'message'));
    return [
      rubyDate(new Date(text(member(event, 'time')))),
      container === '' ? message : `container:${container.slice(0, 12)} ${message}`,
      text(member(member(event, 'engine'), 'id')),
      text(member(event, 'type')),
      list(member(event, 'tags')).map(text).join(','),
    ];
  });
  io.stdout.write(table(['Time', 'Message', 'Engine', 'Type', 'Tags'], rows));
}

/** `Sun Nov 22 07:46:49 +0000 2026`, always in UTC. */
const rubyDate = (time: Date): string => {
  const [day = '', date = '', month = '', year = '', clock = ''] = time.toUTCString().split(/,? /);
  return `${day} ${month} ${date} ${clock} +0000 ${year}`;
};

async function containers({ io, client }: Context): Promise<void> {
  const found = await explain('error getting containers', client().call('GET', '/api/containers', 200));
  const rows = list(found).map((container) => [
    text(member(container, 'id')).slice(0, 12),
    text(member(member(container, 'image'), 'name')),
    text(member(container, 'name')).slice(1),
    text(member(member(container, 'engine'), 'id')),
    text(member(container, 'state')),
    list(member(container, 'ports')).map(describePort).join(', '),
  ]);
  io.stdout.write(table(['ID', 'Image', 'Name', 'Host', 'State', 'Ports'], rows));
}

const describePort = (port: unknown): string => {
  const host = text(member(port, 'host_ip'));
  return `${text(member(port, 'proto'))}/${host}:${number(member(port, 'port'))}:${number(member(port, 'container_port'))}`;
};
