import { request } from 'node:https';
import type { Cluster } from '../../../lab/cluster.ts';
import type { LabNode } from '../../../lab/node.ts';
import { logIn, type Row, rowsWith } from './shipyard-rows.ts';

type Answer = 'ok' | 'down' | { readonly refused: string };
type Poll = { readonly at: number; readonly answer: Answer };

/** What became of the polls of one node. */
export type Polled = {
  readonly polls: number;
  /** Why either side refused the other's certificate; each reason once. */
  readonly refusals: readonly string[];
  /** The times without any answer, in milliseconds. */
  readonly outages: readonly number[];
};

const PASSWORD = 'shipyard';
const USER_AGENT = 'poller';
const EVERY_MS = 100;
/** Within a restart the old and the new daemon may both answer for a moment. */
const APART_MS = 1500;

/**
 * Does to each engine, ten times a second, what Shipyard does: connects with the client that a row of Shipyard holds at
 * that moment, and knows the engine by the CAs of that row. Where there are two rows they take turns.
 */
export class Poller {
  readonly #cluster: Cluster;
  #token: string;
  readonly #polls = new Map<string, Poll[]>();
  #rows: readonly Row[];
  #isOver = false;
  #done: Promise<unknown>;

  private constructor(cluster: Cluster, token: string, first: readonly Row[]) {
    this.#cluster = cluster;
    this.#token = token;
    this.#rows = first;
    this.#done = Promise.all([this.#readRows(), ...cluster.nodes.map((node) => this.#poll(node))]);
  }

  static async start(cluster: Cluster): Promise<Poller> {
    const token = await logIn(cluster.master, PASSWORD, USER_AGENT);
    return new Poller(cluster, token, await rowsWith(cluster.master, token));
  }

  async stop(): Promise<ReadonlyMap<string, Polled>> {
    this.#isOver = true;
    await this.#done;
    return new Map([...this.#polls].map(([name, polls]) => [name, summary(polls)]));
  }

  async #readRows(): Promise<void> {
    while (!this.#isOver) {
      await this.#readList();
      await pause(EVERY_MS);
    }
  }

  async #readList(): Promise<void> {
    const { master } = this.#cluster;
    try {
      this.#rows = await rowsWith(master, this.#token);
    } catch {
      // Logins at the same moment lose tokens.
      this.#token = await logIn(master, PASSWORD, USER_AGENT);
    }
  }

  async #poll(node: LabNode): Promise<void> {
    const polls: Poll[] = [];
    this.#polls.set(node.name, polls);
    const flying: Promise<void>[] = [];
    for (let turn = 0; !this.#isOver; turn += 1) {
      const own = this.#rows.filter(({ engine }) => engine.id === node.name);
      const row = own[turn % own.length];
      const at = performance.now();
      if (row) flying.push(ask(node, row).then((answer) => void polls.push({ at, answer })));
      await pause(EVERY_MS);
    }
    await Promise.all(flying);
    polls.sort((one, other) => one.at - other.at);
  }
}

function ask(node: LabNode, { ssl_cert: cert, ssl_key: key, ca_cert: ca }: Row): Promise<Answer> {
  return new Promise((resolve) => {
    const call = request({
      ...{ host: node.address, port: 2376, path: '/_ping', agent: false, timeout: 10_000, cert, key, ca },
      // With TLS 1.3 a client may see its connection closed before it reads why.
      maxVersion: 'TLSv1.2',
    });
    call.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? 'ok' : 'down');
    });
    call.on('timeout', () => call.destroy(new Error('time-out')));
    call.on('error', ({ message }) => {
      resolve(/alert|certificate|altnames/i.test(message) ? { refused: message } : 'down');
    });
    call.end();
  });
}

function summary(polls: readonly Poll[]): Polled {
  const refusals = polls.flatMap(({ answer }) => (typeof answer === 'object' ? [answer.refused] : []));
  const outages: { begin: number; end: number }[] = [];
  for (const { at, answer } of polls) {
    if (answer !== 'down') continue;
    const last = outages.at(-1);
    if (last && at - last.end < APART_MS) last.end = at;
    else outages.push({ begin: at, end: at });
  }
  return {
    polls: polls.length,
    refusals: [...new Set(refusals)],
    outages: outages.map(({ begin, end }) => Math.round(end - begin + EVERY_MS)),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
