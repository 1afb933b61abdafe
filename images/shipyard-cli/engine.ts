import { list, member, number, omitEmpty, text, type Json } from './json.ts';

/** One row of `GET /api/engines`. The outer `id` is Shipyard's; `memory` is in MB, `responseTime` in ns. */
export type EngineRow = {
  readonly id: string;
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly engine: {
    readonly id: string;
    readonly addr: string;
    readonly cpus: number;
    readonly memory: number;
    readonly labels: readonly string[];
  };
  readonly health: { readonly status: string; readonly responseTime: number } | undefined;
  readonly dockerVersion: string;
};

export const readEngines = (answer: unknown): readonly EngineRow[] => list(answer).map(readEngine);

/** Reads a row; what is missing is empty, and `health` may be missing (rows of 2.0.3 and 2.0.4). */
export const readEngine = (row: unknown): EngineRow => {
  const engine = member(row, 'engine');
  const health = member(row, 'health');
  return {
    id: text(member(row, 'id')),
    certificate: text(member(row, 'ssl_cert')),
    key: text(member(row, 'ssl_key')),
    authority: text(member(row, 'ca_cert')),
    engine: {
      id: text(member(engine, 'id')),
      addr: text(member(engine, 'addr')),
      cpus: number(member(engine, 'cpus')),
      memory: number(member(engine, 'memory')),
      labels: list(member(engine, 'labels')).map(text),
    },
    health:
      health === undefined
        ? undefined
        : { status: text(member(health, 'status')), responseTime: number(member(health, 'response_time')) },
    dockerVersion: text(member(row, 'docker_version')),
  };
};

/** A row with the names and the order of the wire, everything empty left out. */
export const writeEngine = ({ engine, health, ...row }: EngineRow): Json =>
  omitEmpty({
    id: row.id,
    ssl_cert: row.certificate,
    ssl_key: row.key,
    ca_cert: row.authority,
    engine: omitEmpty(engine),
    health: health && omitEmpty({ status: health.status, response_time: health.responseTime }),
    docker_version: row.dockerVersion,
  });
