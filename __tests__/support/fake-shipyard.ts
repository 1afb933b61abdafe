import type { Engine, EngineDriver, EngineList, NewEngine } from '../../src/shipyard/engine.ts';

/** A Shipyard in memory: it keeps the engines, and in `calls` what was asked of it. */
export class FakeShipyard implements EngineList, EngineDriver {
  readonly calls: string[] = [];
  readonly added: NewEngine[] = [];
  rows: readonly Engine[];
  /** What becomes of a row before it is listed. */
  readonly #shown: (row: Engine) => Engine;
  readonly #failing: ReadonlySet<string>;

  constructor(
    rows: readonly Engine[] = [],
    {
      shown = (row) => row,
      failing = [],
    }: { shown?: (row: Engine) => Engine; failing?: readonly string[] } = {},
  ) {
    this.rows = rows;
    this.#shown = shown;
    this.#failing = new Set(failing);
  }

  async engines(): Promise<readonly Engine[]> {
    await this.#call('list');
    return this.rows.map(this.#shown);
  }

  async check(): Promise<void> {
    await this.#call('check');
  }

  async add(engine: NewEngine): Promise<void> {
    await this.#call(`add ${engine.name}`);
    this.added.push(engine);
    const { identity, ...rest } = engine;
    const again = this.rows.some(({ id }) => id === `new-${engine.name}`) ? `-${this.added.length}` : '';
    const id = `new-${engine.name}${again}`;
    this.rows = [...this.rows, listed({ ...rest, id, client: identity.certificate })];
  }

  async remove(id: string): Promise<void> {
    await this.#call(`remove ${id}`);
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  #call(text: string): Promise<void> {
    this.calls.push(text);
    return this.#failing.has(text) ? Promise.reject(new Error(`${text} failed`)) : Promise.resolve();
  }
}

/** A row as Shipyard lists it once it has seen the engine up. */
export function listed(fields: Partial<Engine>): Engine {
  return {
    id: 'row-1',
    name: 'node1',
    addr: 'https://10.0.0.11:2376',
    cpus: 2,
    memory: 2048,
    labels: ['node1'],
    health: 'up',
    responseMs: 1.5,
    dockerVersion: '20.10.24',
    client: undefined,
    keyMatches: true,
    trusted: [],
    ...fields,
  };
}
