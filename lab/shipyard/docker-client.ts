import type { EngineRow } from './engine-row.ts';
import { GoError } from './go/error.ts';
import { get } from './go/get.ts';

/** A running container of an engine; `memory` in MB, `cpus` in those of the engine. */
export type Container = {
  readonly id: string;
  readonly name: string;
  readonly image: {
    readonly name: string;
    readonly cpus: number;
    readonly memory: number;
    readonly hostname: string;
    readonly restartPolicy: string;
    readonly networkMode: string;
  };
  readonly state: 'running' | 'stopped';
};

/** The version that the engine says it has. Rejects with GoError where the engine or its API 1.15 is not there. */
export const dockerVersion = async (row: EngineRow): Promise<string> =>
  text(member(await getJson(row, '/version'), 'Version'));

export const listContainers = async (row: EngineRow, scope: 'all' | 'running'): Promise<Container[]> => {
  const found = list(await getJson(row, `/containers/json?all=${scope === 'all' ? 1 : 0}&size=0`));
  const containers: Container[] = [];
  for (const entry of found) {
    const id = text(member(entry, 'Id'));
    const image = text(member(entry, 'Image'));
    containers.push(describe(id, image, row, await getJson(row, `/containers/${id}/json`)));
  }
  return containers;
};

/** How many tags the engine's images have in all. */
export const countImages = async (row: EngineRow): Promise<number> =>
  list(await getJson(row, '/images/json')).flatMap((image) => list(member(image, 'RepoTags'))).length;

/**
 * The controller's second client. It shows the client certificate only where all three PEM texts are there;
 * without them it falls back to the roots of the system, so that an engine of an own CA is never reached.
 */
const getJson = async (row: EngineRow, path: string): Promise<unknown> => {
  const complete = row.ssl_cert !== '' && row.ssl_key !== '' && row.ca_cert !== '';
  const { status, reason, body } = await get(`${row.engine.addr}/v1.15${path}`, {
    dialLimitMs: 30_000,
    verify: !complete,
    headers: { 'Content-Type': 'application/json' },
    ...(complete ? { certificate: row.ssl_cert, key: row.ssl_key } : {}),
  });
  if (status === 404) {
    throw new GoError('Not found');
  }
  if (status >= 400) {
    throw new GoError(`${status} ${reason}: ${body}`);
  }
  return JSON.parse(body);
};

const describe = (id: string, image: string, { engine }: EngineRow, info: unknown): Container => {
  const config = member(info, 'Config');
  const host = member(info, 'HostConfig');
  return {
    id,
    name: text(member(info, 'Name')),
    image: {
      name: image,
      cpus: (number(member(config, 'CpuShares')) / 100) * engine.cpus,
      memory: Math.trunc(number(member(config, 'Memory')) / 1024 / 1024),
      hostname: text(member(config, 'Hostname')),
      restartPolicy: text(member(member(host, 'RestartPolicy'), 'Name')),
      networkMode: text(member(host, 'NetworkMode')) || 'bridge',
    },
    state: member(member(info, 'State'), 'Running') === true ? 'running' : 'stopped',
  };
};

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
