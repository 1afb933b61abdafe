import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';
import { expectSameAnswer } from '../../support/shipyard-comparison.ts';
import { exchange } from '../../support/shipyard-exchange.ts';
import { startFakeEngine, type FakeEngine } from '../../support/shipyard-fake-engine.ts';
import { pemPairs } from '../../support/shipyard-known-pairs.ts';
import { leftOut } from '../../support/shipyard-left-out.ts';
import { makePki, type Pki } from '../../support/shipyard-pki.ts';
import { readHttpRecording, type RecordedRequest } from '../../support/shipyard-recording.ts';
import { createTranslation, type Translation } from '../../support/shipyard-translation.ts';

const directory = mkdtempSync(join(tmpdir(), 'shipyard-http-'));
const data = join(directory, 'data.json');
const engines: FakeEngine[] = [];
let controller: RunningController;
let translation: Translation;
let pki: Pki;

beforeAll(async () => {
  pki = makePki(directory);
  const tls = { server: pki.pair('server-san'), clientAuthority: pki.pair('ca1').certificate };
  const plainEngine = await startFakeEngine();
  const tlsEngine = await startFakeEngine({ tls });
  engines.push(plainEngine, tlsEngine);
  controller = await startController(['-data', data]);
  translation = createTranslation([
    ...pemPairs(pki),
    ['127.0.0.1:12375', `127.0.0.1:${plainEngine.port}`],
    ['localhost:2376', `localhost:${tlsEngine.port}`],
    ['127.0.0.1:18121', controller.host],
  ]);
});

afterAll(async () => {
  await controller.stop();
  await Promise.all(engines.map(({ shut }) => shut()));
  rmSync(directory, { recursive: true });
});

// One test: each exchange stands on what those before it have changed.
test('the stand-in answers the recorded requests as the controller did', async () => {
  const recording = readHttpRecording();
  const cases = recording.filter(({ name }) => !(name in leftOut.http));
  for (const { name, request, response } of cases) {
    await prepare(name);
    const sent = name === 'add-key-mismatch' ? withOtherKey(toLive(request)) : toLive(request);
    expectSameAnswer(name, response, await exchange(controller.host, sent), translation);
  }
  console.info(`http: ${cases.length} exchanges replayed, ${recording.length - cases.length} left out`);
  const unknown = Object.keys(leftOut.http).filter((name) => recording.every((found) => found.name !== name));
  expect(unknown).toEqual([]);
}, 30_000);

const toLive = ({ method, path, headers, body }: RecordedRequest): RecordedRequest => ({
  method,
  path: translation.toLive(path),
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, translation.toLive(value)]),
  ),
  body: body === undefined ? undefined : translation.toLive(body),
});

// The key that was sent is not in the recording.
const withOtherKey = (request: RecordedRequest): RecordedRequest => {
  const [own, other] = [pki.pair('client').key, pki.pair('server-cn').key].map((key) =>
    JSON.stringify(key.trim()).slice(1, -1),
  );
  return { ...request, body: request.body?.replace(own ?? '', other ?? '') };
};

/** What happened between two recorded exchanges without being recorded. */
const prepare = async (name: string): Promise<void> => {
  switch (name) {
    case 'key-engines':
      await removeEngines(({ id }) => id === undefined || /^x-|^o'/.test(id));
      break;
    case 'controller-down':
      await controller.stop();
      break;
    case 'token-after-controller-restart':
      controller = await startController(['-data', data, '-listen', controller.host]);
      break;
    default:
  }
};

type Row = { readonly id: string; readonly engine: { readonly id?: string } };

const removeEngines = async (isMeant: (engine: Row['engine']) => boolean): Promise<void> => {
  const recorded = readHttpRecording().find(({ name }) => name === 'engines-after-errors');
  const { headers = {} } = recorded === undefined ? {} : toLive(recorded.request);
  const list = await exchange(controller.host, {
    method: 'GET',
    path: '/api/engines',
    headers,
    body: undefined,
  });
  const rows = JSON.parse(list.body ?? '[]') as Row[];
  for (const { id } of rows.filter(({ engine }) => isMeant(engine))) {
    const path = `/api/engines/${id}`;
    await exchange(controller.host, { method: 'DELETE', path, headers, body: undefined });
  }
};
