/** What a running daemon says of itself in `docker info`. */
export type EngineInfo = {
  readonly version: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly liveRestore: boolean;
  /** Whether it is, or is about to be, a node of a swarm: dockerd has no live-restore then. */
  readonly swarm: boolean;
};

/** Reads `docker info --format '{{json .}}'`; `undefined` when the daemon gave no answer (then only errors are in it). */
export function parseEngineInfo(json: string | undefined): EngineInfo | undefined {
  const info = parseObject(json);
  if (info === undefined || typeof info['ServerVersion'] !== 'string' || info['ServerVersion'] === '')
    return undefined;
  const swarm = info['Swarm'] as { readonly LocalNodeState?: string } | null | undefined;
  return {
    version: info['ServerVersion'],
    cpus: Number(info['NCPU'] ?? 0),
    memoryBytes: Number(info['MemTotal'] ?? 0),
    liveRestore: info['LiveRestoreEnabled'] === true,
    swarm: !['', 'inactive', undefined].includes(swarm?.LocalNodeState),
  };
}

function parseObject(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
