import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchHttp } from '../../src/adapters/fetch-http.ts';
import { applyEngines } from '../../src/apply/apply-engines.ts';
import type { RegistrationOutcome } from '../../src/apply/outcome.ts';
import type { Authority } from '../../src/authority/authority.ts';
import type { ShipyardMode } from '../../src/inputs/request.ts';
import type { NodeSpec } from '../../src/inventory/node-spec.ts';
import { observeShipyard } from '../../src/observe/observe-shipyard.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Http } from '../../src/ports/http.ts';
import { Secret } from '../../src/secret.ts';
import type { EngineDriver } from '../../src/shipyard/engine.ts';
import { CliDocker } from './cli-docker.ts';
import { FakeNetwork } from './fake-network.ts';
import { fakeRun } from './fake-run.ts';
import { FakeWorkflow } from './fake-workflow.ts';
import * as fakes from './fakes.ts';
import { startController, type RunningController } from './shipyard-controller.ts';
import { startFakeEngine, type FakeEngine } from './shipyard-fake-engine.ts';
import { logIn, type Session } from './shipyard-session.ts';

/** Twenty seconds of it are one: what is waited for is a tick of the stand-in, which is as much faster. */
export const HASTE = 20;

/** It begins with the true time, by which certificates are judged. */
function hastyClock(): Clock {
  const start = Date.now();
  return {
    now: () => new Date(start + (Date.now() - start) * HASTE),
    sleep: (ms) => sleep(ms / HASTE),
  };
}

/** For a container of the CLI, as the driver has it. */
const CLI_LIMIT_MS = 60_000;

export type Row = {
  readonly id: string;
  readonly ssl_cert: string;
  readonly ssl_key: string;
  readonly ca_cert: string;
  readonly engine: { readonly id: string; readonly addr: string; readonly labels?: readonly string[] };
};

export type RunOptions = {
  readonly forced?: boolean;
  readonly prune?: boolean;
  readonly isWhole?: boolean;
  readonly around?: (driver: EngineDriver) => EngineDriver;
};

/** A stand-in controller, an engine of ours that speaks TLS, and one of somebody else that is registered already. */
export class ReconciliationStage {
  workflow = new FakeWorkflow();
  /** How many times shorter the limits of requests are than they are meant to be. */
  impatience = 1;
  readonly controller: () => RunningController;
  readonly server: FakeEngine;
  readonly other: FakeEngine;
  readonly foreign: object;
  #controller: RunningController;
  #person: Session;
  readonly #authority: Authority;
  readonly #directory: string;

  private constructor(
    directory: string,
    authority: Authority,
    engines: readonly [FakeEngine, FakeEngine],
    controller: RunningController,
    person: Session,
  ) {
    this.#directory = directory;
    this.#authority = authority;
    [this.server, this.other] = engines;
    this.#controller = controller;
    this.controller = () => this.#controller;
    this.#person = person;
    this.foreign = { engine: { id: 'theirs', addr: `http://127.0.0.1:${this.other.port}`, labels: ['a'] } };
  }

  static async start(): Promise<ReconciliationStage> {
    const directory = mkdtempSync(join(tmpdir(), 'shipyard-faults-'));
    const authority = await fakes.newAuthority(new Date());
    const identity = await fakes.serverFor(fakes.nodeSpec({ address: '127.0.0.1' }), authority, new Date());
    const tls = {
      server: { certificate: identity.certificate.pem, key: identity.key.reveal() },
      clientAuthority: authority.generations[0].certificate.pem,
    };
    const engines = await Promise.all([startFakeEngine({ tls }), startFakeEngine()]);
    const controller = await startController(flags(directory));
    const person = await logIn(controller.host, 'a person');
    return new ReconciliationStage(directory, authority, engines, controller, person);
  }

  /** As before the first run, with a controller that has one health checker: only the engine of somebody else is registered, and nothing is wrong. */
  async clear(): Promise<void> {
    await this.restart();
    for (const { id } of await this.rows()) await this.call('DELETE', `/api/engines/${id}`);
    await this.call('POST', '/api/engines', this.foreign);
    this.other.mode = 'healthy';
    this.impatience = 1;
    this.workflow = new FakeWorkflow();
  }

  /** Starts the controller again on its own port, with what it keeps. */
  async restart(): Promise<void> {
    const listen = ['-listen', this.#controller.host];
    await this.#controller.stop();
    this.#controller = await startController([...flags(this.#directory), ...listen]);
    this.#person = await logIn(this.#controller.host, 'a person');
  }

  async stop(): Promise<void> {
    await Promise.all([this.#controller.stop(), this.server.shut(), this.other.shut()]);
    rmSync(this.#directory, { recursive: true });
  }

  get node(): NodeSpec {
    return fakes.nodeSpec({ address: '127.0.0.1', enginePort: this.server.port, memory: 512, cpus: 1 });
  }

  /** One run of the action over the node, as far as Shipyard is concerned. */
  async run(mode: ShipyardMode, options: RunOptions = {}): Promise<RegistrationOutcome> {
    const clock = hastyClock();
    const { forced = false, prune = false, isWhole = true, around } = options;
    const network = new FakeNetwork(() => ({ kind: 'accepted', status: 200, served: undefined }));
    const password = new Secret('shipyard');
    const credentials = { kind: 'password', username: 'admin', password } as const;
    const { workflow } = this;
    const http: Http = {
      send: (asked) => fetchHttp.send({ ...asked, timeoutMs: asked.timeoutMs / this.impatience }),
    };
    const docker = new CliDocker(() => CLI_LIMIT_MS / this.impatience);
    const ports = { network, http, docker, workflow, run: fakeRun, clock };
    const certificates = { ...fakes.policy, forceRenew: forced ? ('all' as const) : ('none' as const) };
    const request = fakes.request({ nodes: [this.node], prune, certificates });
    const target = { url: this.#controller.url, mode, credentials };
    const seen = await observeShipyard(ports, target, request.ssh, request.rollout, {
      mayChange: true,
      only: 'all',
    });
    const shipyard = seen.kind === 'reached' && around ? { ...seen, driver: around(seen.driver) } : seen;
    const context = { authority: this.#authority, request, clock, workflow, network, isWhole };
    return applyEngines(shipyard, [fakes.reachedNode(this.node)], context);
  }

  async call(method: string, path: string, body?: unknown): Promise<void> {
    await this.#person.call(method, path, body);
  }

  async rows(): Promise<readonly Row[]> {
    return (await this.#person.read('/api/engines')) as Row[];
  }

  async names(): Promise<readonly string[]> {
    return (await this.rows()).map(({ engine }) => engine.id).sort();
  }

  async ours(): Promise<readonly Row[]> {
    return (await this.rows()).filter(({ engine }) => engine.addr.endsWith(`:${this.server.port}`));
  }

  async faults(wanted: object): Promise<void> {
    const body = JSON.stringify(wanted);
    await fetch(`${this.#controller.control}/faults`, { method: 'PUT', body });
  }

  /** The methods of the requests since the last call. */
  async requests(): Promise<readonly string[]> {
    const url = `${this.#controller.control}/requests`;
    const seen = (await (await fetch(url)).json()) as readonly { readonly method: string }[];
    await fetch(url, { method: 'DELETE' });
    return seen.map(({ method }) => method);
  }
}

function flags(directory: string): readonly string[] {
  return ['-tick-ms', String(10_000 / HASTE), '-data', join(directory, 'data.json')];
}
