/** One element of the output `engines`, as far as it is shown. */
export type EngineRow = {
  readonly id: string;
  readonly name: string;
  readonly addr: string;
  readonly cpus: number;
  readonly memory: number;
  readonly labels: readonly string[];
  readonly health: string;
  readonly 'docker-version': string;
};

/** Reads the output `engines`, sorted by name; no engines where the run did not get so far. */
export function parseEngines(output = ''): readonly EngineRow[] {
  const engines = output === '' ? [] : (JSON.parse(output) as EngineRow[]);
  return engines.sort((a, b) => a.name.localeCompare(b.name));
}

/** A table for a terminal. */
export function engineTable(engines: readonly EngineRow[]): string {
  const head = ['NAME', 'ADDRESS', 'HEALTH', 'DOCKER', 'CPUS', 'MEMORY', 'LABELS'];
  const rows = engines.map((engine) => [
    engine.name,
    engine.addr,
    engine.health,
    engine['docker-version'],
    String(engine.cpus),
    `${engine.memory} MB`,
    engine.labels.join(','),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
