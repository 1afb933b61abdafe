import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';
import { startFakeEngine, type FakeEngine } from '../../support/shipyard-fake-engine.ts';
import { leftOut } from '../../support/shipyard-left-out.ts';
import { makePki, type CertificateName, type Pki } from '../../support/shipyard-pki.ts';
import { readTlsMatrix, type TlsMatrixRow } from '../../support/shipyard-recording.ts';
import { logIn, type Session } from '../../support/shipyard-session.ts';

const directory = mkdtempSync(join(tmpdir(), 'shipyard-tls-'));
const engines = new Map<string, FakeEngine>();
let controller: RunningController;
let session: Session;
let pki: Pki;

const matrix = readTlsMatrix();
const rows = matrix.filter(({ controller: version }) => !(version in leftOut.tls));

beforeAll(async () => {
  pki = makePki(directory);
  controller = await startController();
  session = await logIn(controller.host);
  for (const name of new Set(rows.map(({ server_cert }) => server_cert))) {
    const server = pki.pair(name as CertificateName);
    const clientAuthority = pki.pair('ca1').certificate;
    engines.set(name, await startFakeEngine({ tls: { server, clientAuthority } }));
  }
  console.info(`tls: ${rows.length} rows replayed, ${matrix.length - rows.length} left out`);
});

afterAll(async () => {
  await controller.stop();
  await Promise.all([...engines.values()].map(({ shut }) => shut()));
  rmSync(directory, { recursive: true });
});

test.each(rows)(
  '$server_cert at $addr_host with $client_cert and $ca_cert: $status',
  async ({ server_cert, addr_host, client_cert, ca_cert, status, body }: TlsMatrixRow) => {
    const port = engines.get(server_cert)?.port ?? 0;
    const client = pki.pair(client_cert as CertificateName);
    const answer = await session.call('POST', '/api/engines', {
      engine: { id: 'tls', addr: `https://${addr_host}:${port}` },
      ssl_cert: client.certificate,
      ssl_key: client.key,
      ...(ca_cert === null ? {} : { ca_cert: authorityOf(ca_cert) }),
    });
    expect({ status: answer.status, body: answer.body?.trim() }).toEqual({
      status,
      body: body.replace(':2376', `:${port}`),
    });
  },
);

const authorityOf = (name: string): string =>
  name === 'garbage' ? 'garbage' : pki.pair(name === 'ca2.pem' ? 'ca2' : 'ca1').certificate;
