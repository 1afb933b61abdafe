import { ActionError, messageOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Workflow } from '../ports/workflow.ts';
import { printable } from '../report/printable.ts';
import type { Engine, EngineDriver, EngineList, NewEngine } from '../shipyard/engine.ts';
import { writeBack } from '../shipyard/write-back.ts';

const { pauseMs: PAUSE_MS, rounds: ROUNDS } = writeBack;

/**
 * Changes Shipyard one call after the other, and believes only the list: a call that failed may have been accepted, and one
 * that was accepted may have been undone.
 */
export class EngineChanges {
  readonly #driver: EngineDriver;
  readonly #list: EngineList;
  readonly #clock: Clock;
  readonly #workflow: Workflow;
  readonly #removed = new Map<string, unknown>();
  #writes = 0;
  #listed: readonly Engine[] | undefined;

  constructor(
    { driver, list }: { readonly driver: EngineDriver; readonly list: EngineList },
    { clock, workflow }: { readonly clock: Clock; readonly workflow: Workflow },
  ) {
    this.#driver = driver;
    this.#list = list;
    this.#clock = clock;
    this.#workflow = workflow;
  }

  /** The list as it was read last between the changes; absent before the first. */
  get listed(): readonly Engine[] | undefined {
    return this.#listed;
  }

  /** How many requests were made that write. */
  get writes(): number {
    return this.#writes;
  }

  /**
   * Adds an engine, which is known in the list by its certificate. Rejects where the list does not show it, with `Doubt`
   * where nobody can tell.
   */
  async add(engine: NewEngine): Promise<void> {
    const { serial } = engine.identity.certificate;
    this.#writes += 1;
    let failure: unknown;
    try {
      await this.#driver.add(engine);
    } catch (error) {
      failure = error;
    }
    const rows = await this.#read().catch((fault: unknown) => {
      throw new Doubt(failure ?? fault);
    });
    const isListed = rows.some(({ client }) => client?.serial === serial);
    if (!isListed) throw failure instanceof Error ? failure : new Doubt(notShown(engine));
    if (failure !== undefined)
      this.#workflow.info(
        `the call failed, but the list shows the engine: ${printable(messageOf(failure))}`,
        engine.name,
      );
  }

  /**
   * Removes rows by the ids of a list that was read just now: an unknown id breaks the controller's answer. What fails and
   * what comes back is the affair of `settle`. Rejects where the list cannot be read.
   */
  async remove(rows: readonly Engine[]): Promise<void> {
    if (rows.length === 0) return;
    const listed = new Set((await this.#read()).map(({ id }) => id));
    for (const { id } of rows) if (listed.has(id)) await this.#removeOnce(id);
  }

  /**
   * Reads the list until it shows none of the removed rows any more, and removes again what came back. Resolves to those
   * that stay after some rounds, each with the reason; of those in `seen` alone, where that is a later list. Never rejects.
   */
  async settle(seen?: readonly Engine[]): Promise<ReadonlyMap<string, unknown>> {
    this.#listed = seen ?? this.#listed;
    let left: ReadonlyMap<string, unknown> = new Map(
      [...this.#removed].filter(([id]) => seen?.some((one) => one.id === id) ?? true),
    );
    for (let round = 1; left.size > 0; round += 1) {
      await this.#clock.sleep(PAUSE_MS);
      try {
        const listed = new Set((await this.#look()).map(({ id }) => id));
        left = new Map([...this.#removed].filter(([id]) => listed.has(id)));
        if (round === ROUNDS) break;
        for (const id of left.keys()) await this.#removeOnce(id);
      } catch (error) {
        left = new Map([...left.keys()].map((id) => [id, error]));
        if (round === ROUNDS) break;
      }
    }
    return new Map([...left].map(([id, error]) => [id, error ?? writtenBack(id)]));
  }

  /** Whether one of the removed rows is listed once more: what is written back may show only with the next change. */
  isBack(listed: readonly Engine[]): boolean {
    return listed.some(({ id }) => this.#removed.has(id));
  }

  async #removeOnce(id: string): Promise<void> {
    this.#writes += 1;
    this.#removed.set(id, undefined);
    try {
      await this.#driver.remove(id);
    } catch (error) {
      this.#removed.set(id, error);
    }
  }

  async #look(): Promise<readonly Engine[]> {
    this.#listed = await this.#list.engines();
    return this.#listed;
  }

  /** A controller that was killed comes back within a moment, and one that is slow may answer the next time. */
  async #read(): Promise<readonly Engine[]> {
    for (let round = 1; ; round += 1)
      try {
        return await this.#look();
      } catch (error) {
        if (round >= ROUNDS) throw error;
        await this.#clock.sleep(PAUSE_MS);
      }
  }
}

/** Shipyard may have been changed. */
export class Doubt extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
  }
}

function notShown({ name }: NewEngine): ActionError {
  return new ActionError({
    message: `shipyard: ${name} was added, but the list does not show it`,
    hint: 'run the action again; if it stays so, restart the controller',
  });
}

function writtenBack(id: string): ActionError {
  return new ActionError({
    message: `shipyard: engine ${printable(id)} was removed ${ROUNDS} times and is still listed`,
    hint: writeBack.hint,
  });
}
