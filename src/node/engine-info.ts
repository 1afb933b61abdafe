/** What a running daemon says of itself in `docker info`. */
export type EngineInfo = {
  readonly version: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly liveRestore: boolean;
  /** Whether it is, or is about to be, a node of a swarm: dockerd has no live-restore then. */
  readonly swarm: boolean;
};

/**
 * Reads `docker info --format '{{json .}}'`, or what Docker prints before 1.13, which has no such option: `docker info`
 * and after it `docker version`. `undefined` when the daemon gave no answer (then only errors are in it).
 */
export function parseEngineInfo(text: string | undefined): EngineInfo | undefined {
  const info = parseObject(text);
  if (info === undefined) return parsePlain(text ?? '');
  if (typeof info['ServerVersion'] !== 'string' || info['ServerVersion'] === '') return undefined;
  const swarm = info['Swarm'] as { readonly LocalNodeState?: string } | null | undefined;
  return {
    version: info['ServerVersion'],
    cpus: Number(info['NCPU'] ?? 0),
    memoryBytes: Number(info['MemTotal'] ?? 0),
    liveRestore: info['LiveRestoreEnabled'] === true,
    swarm: !['', 'inactive', undefined].includes(swarm?.LocalNodeState),
  };
}

/** Before 1.13 it is not told whether live-restore is on, so it counts as off. */
function parsePlain(text: string): EngineInfo | undefined {
  // Of 1.9 to 1.12 in `docker info`, of 1.8 and of those before in `docker version`.
  const version = /^Server(?: [Vv]ersion:|:\n Version:) *(\d\S*)/m.exec(text)?.[1];
  if (version === undefined) return undefined;
  return {
    version,
    cpus: Number(/^CPUs: (\d+)$/m.exec(text)?.[1] ?? 0),
    memoryBytes: bytes(...(/^Total Memory: ([\d.e+]+) (\w+)$/m.exec(text)?.slice(1) ?? [])),
    liveRestore: false,
    swarm: !['inactive', undefined].includes(/^Swarm: (\w+)$/m.exec(text)?.[1]),
  };
}

/** `3.858 GiB` is told with four digits; 0 where it cannot be read. */
function bytes(amount = '0', unit = 'B'): number {
  return Math.max(0, Math.round(Number(amount) * 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(unit)));
}

function parseObject(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
