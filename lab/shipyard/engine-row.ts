import { omitEmpty, type Json } from './go/encode.ts';

/** The engine as its owner described it; `id` is its name, `memory` is in MB. */
export type Engine = {
  readonly id: string;
  readonly addr: string;
  readonly cpus: number;
  readonly memory: number;
  readonly labels: readonly string[];
};

/** `response_time` is in nanoseconds, 0 for none. */
export type Health = { readonly status: 'pending' | 'up' | 'down'; readonly response_time: number };

/** One registered engine; the outer `id` is Shipyard's own. The PEM texts are empty where none was given. */
export type EngineRow = {
  readonly id: string;
  readonly ssl_cert: string;
  readonly ssl_key: string;
  readonly ca_cert: string;
  readonly engine: Engine;
  health: Health;
  docker_version: string;
};

/** The row as the API shows it: everything zero or empty left out, the private key not. */
export const publishRow = ({ engine, health, ...row }: EngineRow): Json => {
  const { id, ssl_cert, ssl_key, ca_cert, docker_version } = row;
  return omitEmpty({
    id,
    ssl_cert,
    ssl_key,
    ca_cert,
    engine: publishEngine(engine),
    health: omitEmpty(health),
    docker_version,
  });
};

export const publishEngine = ({ id, addr, cpus, memory, labels }: Engine): Record<string, Json> =>
  omitEmpty({ id, addr, cpus, memory, labels });

/** What a POST of an engine may hold. */
export const engineRowShape = {
  type: 'shipyard.Engine',
  fields: {
    id: 'string',
    ssl_cert: 'string',
    ssl_key: 'string',
    ca_cert: 'string',
    engine: {
      type: 'citadel.Engine',
      fields: { id: 'string', addr: 'string', cpus: 'float64', memory: 'float64', labels: '[]string' },
    },
    health: { type: 'shipyard.Health', fields: { status: 'string', response_time: 'int64' } },
    docker_version: 'string',
  },
} as const;
