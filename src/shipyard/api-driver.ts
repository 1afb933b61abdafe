import { ActionError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { addFailed } from './add-error.ts';
import { saidBy } from './answer-error.ts';
import type { EngineDriver, NewEngine } from './engine.ts';
import type { ShipyardSession } from './session.ts';

/** The controller looks at an engine before it answers, and waits for ever for one that stays silent. */
const WRITE_LIMIT_MS = 60_000;

/** Adds and removes engines over HTTP, without any container. */
export class ApiDriver implements EngineDriver {
  readonly #session: Pick<ShipyardSession, 'request'>;
  readonly #limitMs: number;

  constructor(session: Pick<ShipyardSession, 'request'>, limitMs = WRITE_LIMIT_MS) {
    this.#session = session;
    this.#limitMs = limitMs;
  }

  /** The list was read the same way already. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  async add({ identity, trusted, ...engine }: NewEngine): Promise<void> {
    const answer = await this.#session.request({
      method: 'POST',
      path: '/api/engines',
      timeoutMs: this.#limitMs,
      body: {
        ssl_cert: identity.certificate.pem,
        ssl_key: identity.key.reveal(),
        ca_cert: trusted.map(({ pem }) => pem).join(''),
        engine: {
          id: engine.name,
          addr: engine.addr,
          cpus: engine.cpus,
          memory: engine.memory,
          labels: engine.labels,
        },
      },
    });
    if (answer.status !== 201) throw addFailed(engine, saidBy(answer, 300));
  }

  async remove(id: string): Promise<void> {
    const path = `/api/engines/${encodeURIComponent(id)}`;
    const answer = await this.#session.request({ method: 'DELETE', path, timeoutMs: this.#limitMs });
    if (answer.status === 204) return;
    throw new ActionError({
      message: `shipyard: engine ${printable(id)} could not be removed (${answer.status}: ${saidBy(answer, 300)})`,
      hint: 'run the action again; it reads the list anew',
    });
  }
}
