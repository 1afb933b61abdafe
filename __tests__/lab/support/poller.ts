import { request } from 'node:https';
import type { Cluster } from '../../../lab/cluster.ts';
import type { LabNode } from '../../../lab/node.ts';
import type { Row } from './shipyard-rows.ts';

/** What of a row is needed to connect. */
type Held = Omit<Row, 'id'>;

type Answer = 'ok' | 'down' | { readonly refused: string };
type Poll = { readonly at: number; readonly answer: Answer };

/** What became of the polls of one node. */
export type Polled = {
  readonly polls: number;
  /** From the first to the last. */
  readonly perSecond: number;
  /** Why either side refused the other's certificate; each reason once. */
  readonly refusals: readonly string[];
  /** The times without any answer, in milliseconds. */
  readonly outages: readonly number[];
};

const EVERY_MS = 100;
/** Within a restart the old and the new daemon may both answer for a moment. */
const APART_MS = 1500;

/** Prints the rows in the file of the controller whenever they are others. A request each time would cost far more. */
const READER = `
const { existsSync, readFileSync } = require('fs');
let known = '';
const timer = setInterval(() => {
  if (existsSync('/run/polled')) return clearInterval(timer);
  const { engines } = JSON.parse(readFileSync('/var/lib/shipyard.json', 'utf8'));
  const rows = JSON.stringify(engines.map(({ ssl_cert, ssl_key, ca_cert, engine }) => ({ ssl_cert, ssl_key, ca_cert, engine })));
  if (rows !== known) console.log((known = rows));
}, ${EVERY_MS});`;

/**
 * Does to each engine, ten times a second, what Shipyard does: connects with the client that a row of Shipyard holds at
 * that moment, and knows the engine by the CAs of that row. Where there are two rows they take turns.
 */
export class Poller {
  readonly #cluster: Cluster;
  readonly #polls = new Map<string, Poll[]>();
  #rows: readonly Held[] = [];
  #isOver = false;
  readonly #done: Promise<unknown>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#done = Promise.all([this.#readRows(), ...cluster.nodes.map((node) => this.#poll(node))]);
    // `stop` tells of it; nobody calls that where a test before it has failed.
    this.#done.catch(() => undefined);
  }

  async stop(): Promise<ReadonlyMap<string, Polled>> {
    await this.#cluster.master.script('touch /run/polled');
    await this.#done;
    return new Map([...this.#polls].map(([name, polls]) => [name, summary(polls)]));
  }

  async #readRows(): Promise<void> {
    const onLine = (line: string): void => {
      if (line.startsWith('[')) this.#rows = JSON.parse(line) as readonly Held[];
    };
    const { code, stderr } = await this.#cluster.master.exec(['node', '-e', READER], { onLine });
    this.#isOver = true;
    if (code !== 0) throw new Error(stderr);
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

function ask(node: LabNode, { ssl_cert: cert, ssl_key: key, ca_cert: ca }: Held): Promise<Answer> {
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
  const seconds = ((polls.at(-1)?.at ?? 0) - (polls[0]?.at ?? 0)) / 1000;
  return {
    polls: polls.length,
    perSecond: seconds > 0 ? polls.length / seconds : 0,
    refusals: [...new Set(refusals)],
    outages: outages.map(({ begin, end }) => Math.round(end - begin + EVERY_MS)),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
