import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countImages, dockerVersion, listContainers } from '../../../lab/shipyard/docker-client.ts';
import type { EngineRow } from '../../../lab/shipyard/engine-row.ts';
import { startFakeEngine, type FakeEngine } from '../../support/shipyard-fake-engine.ts';
import { makePki, type Pki } from '../../support/shipyard-pki.ts';

const directory = mkdtempSync(join(tmpdir(), 'shipyard-docker-'));
let pki: Pki;
let engine: FakeEngine;

beforeAll(async () => {
  pki = makePki(directory);
  const tls = { server: pki.pair('server-san'), clientAuthority: pki.pair('ca1').certificate };
  engine = await startFakeEngine({ tls, containers: 1 });
});

afterAll(async () => {
  await engine.shut();
  rmSync(directory, { recursive: true });
});

const row = (changes: Partial<EngineRow> = {}): EngineRow => ({
  id: '',
  ssl_cert: pki.pair('client').certificate,
  ssl_key: pki.pair('client').key,
  ca_cert: pki.pair('ca2').certificate,
  engine: { id: 'n', addr: `https://localhost:${engine.port}`, cpus: 2, memory: 1024, labels: [] },
  health: { status: 'pending', response_time: 0 },
  docker_version: '',
  ...changes,
});

test('with all three PEM texts it shows the certificate and verifies nothing', async () => {
  expect(await dockerVersion(row())).toBe('1.5.0');
  expect(await countImages(row())).toBe(1);
  expect(await listContainers(row(), 'running')).toMatchObject([
    { name: '/c1', image: { memory: 64, cpus: 0 } },
  ]);
});

// Such an engine is up, but has no version and adds nothing to the cluster: the ping does not look at ca_cert.
test('without ca_cert it shows no certificate, and verifies', async () => {
  await expect(dockerVersion(row({ ca_cert: '' }))).rejects.toThrow(/certificate/);
});

test('an engine that refuses the API is told as Docker says it', async () => {
  engine.mode = 'old-api-refused';
  await expect(dockerVersion(row())).rejects.toThrow(
    '400 Bad Request: {"message":"client version 1.15 is too old."}',
  );
  engine.mode = 'healthy';
});
