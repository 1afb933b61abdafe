import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';
import { startFakeEngine, type FakeEngine } from '../../support/shipyard-fake-engine.ts';
import { leftOut } from '../../support/shipyard-left-out.ts';
import { readHealthRecording, type RecordedResponse } from '../../support/shipyard-recording.ts';
import { watchHealth, type HealthWatch } from '../../support/shipyard-health-watch.ts';
import { logIn, type Session } from '../../support/shipyard-session.ts';

/** The recorded controller has 10 s. */
const tickMs = 400;

let controller: RunningController;
let session: Session;
let engineA: FakeEngine;
let engineB: FakeEngine;

let watch: HealthWatch;

beforeAll(async () => {
  controller = await startController(['-tick-ms', tickMs.toString()]);
  [engineA, engineB] = await Promise.all([startFakeEngine(), startFakeEngine()]);
  session = await logIn(controller.host);
  await expectStatus(
    'login',
    session.call('POST', '/auth/login', { username: 'admin', password: 'shipyard' }),
  );
  session = await logIn(controller.host);
  watch = watchHealth(session);
});

afterAll(async () => {
  await watch.stop();
  await controller.stop();
  await Promise.all([engineA.shut(), engineB.shut()]);
});

const { timeline, exchanges, ping_request_as_seen_by_engine: recordedPing } = readHealthRecording();

test('health goes the recorded way: pending, up, down, up, and up without a version', async () => {
  const rows = timeline.flatMap((row) => (row.phase === undefined ? [] : [row]));
  let phase = '';
  let replayed = 0;
  for (const [index, row] of rows.entries()) {
    if (row.phase !== phase) {
      phase = row.phase;
      await enter(phase);
    }
    const place = index - rows.findIndex((other) => other.phase === phase);
    if (!(`${phase} #${place + 1}` in leftOut.health)) {
      await watch.reaches(row.engines);
      replayed += 1;
    }
  }
  await expectHanging();
  console.info(`health: ${replayed} of ${rows.length} states and all ${exchanges.length} exchanges replayed`);
  const unplayed = rows.length - replayed;
  expect(Object.keys(leftOut.health).filter((name) => name.includes('#'))).toHaveLength(unplayed);
}, 30_000);

/** Does what the phase is named after. */
const enter = async (phase: string): Promise<void> => {
  switch (phase) {
    case 'after add a':
      await expectStatus('add-a', add('a', engineA));
      break;
    case 'after add b, 15 s later':
      expectFirstRequests();
      await betweenTicks();
      await expectStatus('add-b', add('b', engineB));
      break;
    case 'a answers 500':
      engineA.mode = 'failing';
      break;
    case 'a closed':
      await engineA.shut();
      break;
    case 'a open again':
      engineA.mode = 'healthy';
      await engineA.open();
      break;
    case 'a refuses API 1.15 like Docker 25+':
      engineA.mode = 'old-api-refused';
      break;
    case 'a accepts but never answers':
      await expectInfoWithoutA();
      engineA.mode = 'healthy';
      await watch.reaches(bothUp);
      await expectPings();
      engineA.mode = 'silent';
      await sleep(2 * tickMs);
      break;
    case 'then b closes: is it noticed?':
      await engineB.shut();
      await sleep(4 * tickMs);
      break;
    default:
      throw new Error(`the recording has a phase that is not played: ${phase}`);
  }
};

const expectInfoWithoutA = async (): Promise<void> => {
  const recorded = exchanges.find(({ name }) => name === 'info-v25');
  expect(await session.read('/api/cluster/info')).toEqual(JSON.parse(recorded?.response.body ?? ''));
};

// All that asks the engines waits for the silent one; what only reads the list does not.
const expectHanging = async (): Promise<void> => {
  await expectSilence('info-while-hanging', session.call('GET', '/api/cluster/info'));
  await expectSilence('containers-while-hanging', session.call('GET', '/api/containers'));
  await expectStatus('engines-while-hanging', session.call('GET', '/api/engines'));
  await expectSilence('add-hanging', add('h', engineA));
  await expectStatus('engines-after', session.call('GET', '/api/engines'));
  expect(watch.now()).toEqual(bothUp);
};

// The start and two adds have left three checkers. Where the three ticks begin is chance: one more or less for each.
const expectPings = async (): Promise<void> => {
  engineA.requests.length = 0;
  await sleep(3 * tickMs);
  const pings = engineA.requests.filter(({ line }) => line === 'GET /_ping').length;
  const [recorded = 0] = timeline.flatMap((row) => row.pings_of_a_in_30s_after_2_adds ?? []);
  expect(Math.abs(pings - recorded)).toBeLessThanOrEqual(3);
};

/** The ping of the add, then ping and version at each tick; a stream of events is not asked for. */
const expectFirstRequests = (): void => {
  const recorded = timeline
    .flatMap((row) => row.engine_a_saw ?? [])
    .map(([, line]) => line.replace(/ HTTP.*/, ''));
  const kept = recorded.filter((line) => !(line in leftOut.health));
  expect(engineA.requests.slice(0, 3).map(({ line }) => line)).toEqual(kept.slice(0, 3));
  expect(kept).toHaveLength(recorded.length - 1);
};

const bothUp = { a: ['up', 'rt>0', '1.5.0'], b: ['up', 'rt>0', '1.5.0'] } as const;

const add = (id: string, { port }: FakeEngine): Promise<RecordedResponse> =>
  session.call('POST', '/api/engines', {
    engine: { id, addr: `http://127.0.0.1:${port}`, cpus: 1, memory: 1024 },
  });

const expectStatus = async (name: string, answer: Promise<RecordedResponse>): Promise<void> => {
  const recorded = exchanges.find((exchange) => exchange.name === name);
  expect({ name, ...(await answer) }).toMatchObject({ name, status: recorded?.response.status });
};

const expectSilence = async (name: string, answer: Promise<RecordedResponse>): Promise<void> => {
  const recorded = exchanges.find((exchange) => exchange.name === name);
  const outcome = await Promise.race([answer, sleep(500, 'silence')]);
  expect({ name, outcome, status: recorded?.response.status }).toEqual({
    name,
    outcome: 'silence',
    status: null,
  });
};

/** Waits for a moment with no tick of the two checkers near, so that a new engine is seen before it is pinged. */
const betweenTicks = async (): Promise<void> => {
  for (;;) {
    await sleep(5);
    const pings = engineA.requests.filter(({ line }) => line === 'GET /_ping').map(({ at }) => at);
    const next = (pings.at(-2) ?? 0) + tickMs - performance.now();
    const sinceLast = performance.now() - (pings.at(-1) ?? 0);
    if (pings.length > 3 && next > tickMs / 4 && sinceLast > 20) {
      return;
    }
  }
};

test('the ping is byte for byte the recorded one', async () => {
  const received = new Promise<string>((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk.toString());
        socket.destroy();
        server.close();
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      void session.call('POST', '/api/engines', { engine: { id: 'x', addr: `http://127.0.0.1:${port}` } });
    });
  });
  const host = /Host: (\S+)/;
  expect((await received).replace(host, 'Host: H')).toBe(recordedPing.replace(host, 'Host: H'));
});
