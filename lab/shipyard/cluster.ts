import { json } from './answer.ts';
import type { Controller, Route } from './call.ts';
import { countImages, listContainers, type Container } from './docker-client.ts';
import { publishEngine, type EngineRow } from './engine-row.ts';
import { omitEmpty, type Json } from './go/encode.ts';
import { version } from './version.ts';

/** Both ask the engines one after the other, without a limit: one that stays silent holds the answer. */
export const clusterRoutes = ({ engines }: Controller): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/cluster/info',
    handle: async () => json(await info(engines.scheduled())),
  },
  {
    method: 'GET',
    path: '/api/containers',
    handle: async () => json(await containers(engines.scheduled())),
  },
];

const info = async (rows: readonly EngineRow[]): Promise<Json> => {
  const sum = { cpus: 0, memory: 0, containers: 0, images: 0, reservedCpus: 0, reservedMemory: 0 };
  for (const row of rows) {
    // An engine that does not answer is counted, but adds nothing.
    const found = await orNothing(listContainers(row, 'running'));
    const images = found && (await orNothing(countImages(row)));
    if (found !== undefined) {
      sum.reservedCpus += total(found, ({ image }) => image.cpus);
      sum.reservedMemory += total(found, ({ image }) => image.memory);
    }
    if (found !== undefined && images !== undefined) {
      sum.containers += found.length;
      sum.images += images;
      sum.cpus += row.engine.cpus;
      sum.memory += row.engine.memory;
    }
  }
  return omitEmpty({
    cpus: sum.cpus,
    memory: sum.memory,
    container_count: sum.containers,
    engine_count: rows.length,
    image_count: sum.images,
    reserved_cpus: sum.reservedCpus,
    reserved_memory: sum.reservedMemory,
    version,
  });
};

const containers = async (rows: readonly EngineRow[]): Promise<Json> => {
  const all: Json[] = [];
  for (const row of rows) {
    const found = await orNothing(listContainers(row, 'all'));
    all.push(...(found ?? []).map((container) => publish(container, row)));
  }
  return all;
};

const publish = ({ id, name, image, state }: Container, { engine }: EngineRow): Json =>
  omitEmpty({
    id,
    name,
    image: omitEmpty({
      name: image.name,
      cpus: image.cpus,
      memory: image.memory,
      hostname: image.hostname,
      restart_policy: omitEmpty({ name: image.restartPolicy }),
      network_mode: image.networkMode,
    }),
    engine: publishEngine(engine),
    state,
  });

const orNothing = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

const total = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((sum, item) => sum + amount(item), 0);
