import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { systemNetwork } from '../../../src/adapters/system-network.ts';
import { trustedCertificates } from '../../../src/authority/authority.ts';
import { check } from '../../../src/commands/check.ts';
import type { CheckRequest } from '../../../src/inputs/request.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { nodeSpec } from '../../support/fakes.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { kinds, listener } from './listeners.ts';

type Listener = Awaited<ReturnType<typeof listener>>;
type CheckRecord = { readonly name: string; readonly action: string; readonly reasons: readonly string[] };

const openssl = new OpenSsl();
let listeners: readonly Listener[];
let request: CheckRequest;

beforeAll(async () => {
  const { ours, kinds: all } = await kinds(openssl);
  listeners = await Promise.all(
    Array.from({ length: 99 }, (_, index) => {
      const kind = all[index % all.length];
      if (!kind) throw new Error('there are kinds');
      return listener(kind, index);
    }),
  );
  request = {
    command: 'check',
    nodes: [...listeners.map(({ spec }) => spec), await nobody()],
    policy: { warnBeforeDays: 30, failBeforeDays: 7, trusted: trustedCertificates(ours) },
    concurrency: 10,
    connectTimeoutSeconds: 10,
  };
});
afterAll(() => {
  for (const { close } of listeners) close();
  openssl.remove();
});

test('of 100 listeners each is named rightly, all at once', async () => {
  const begin = performance.now();
  const { allWell, records, workflow } = await checked(request);
  expect(allWell).toBe(false);
  // The silent ones use up their 10 seconds side by side, not one after the other.
  expect(performance.now() - begin).toBeLessThan(25_000);
  const names = records.map(({ name }) => name);
  expect(names).toEqual(request.nodes.map(({ name }) => name));
  const expected = [
    ...listeners.map(({ spec, kind }) => [spec.name, kind.name, actionOf(kind.found), kind.found.map(bare)]),
    ['node100', 'nobody', 'failed', ['unreachable']],
  ];
  const found = records.map(({ name, action, reasons }, index) => [
    name,
    listeners[index]?.kind.name ?? 'nobody',
    action,
    reasons,
  ]);
  expect(found).toEqual(expected);
  const late = listeners.find(({ kind }) => kind.name === 'ends in 20 days')?.spec.name ?? '';
  expect(workflow.log.filter((line) => line.includes(`[${late}]`))).toEqual([
    expect.stringMatching(/^warning \[node\d+\] the certificate ends \S+Z, in 19 days\nhint: run the action/),
  ]);
  expect(workflow.log.find((line) => line.includes('[node100]'))).toMatch(
    /^error \[node100\] unreachable: 127\.0\.0\.1 port \d+: connect ECONNREFUSED .*\nhint: .*give ssh-private-key/s,
  );
});

test('openssl judges what they serve as the check does', () => {
  const ca = request.policy.trusted?.map(({ pem }) => pem).join('') ?? '';
  const judged = listeners.slice(0, 14).filter(({ kind }) => kind.leaf !== undefined);
  expect(judged).toHaveLength(10);
  for (const { kind } of judged) {
    const name = kind.found.includes('wrong-purpose') ? [] : ['-verify_ip', '127.0.0.1'];
    // What openssl makes itself, it would refuse at its strictest.
    const isStrict = kind.name !== 'self-signed';
    const verdict = openssl.verify({ leaf: kind.leaf ?? '', ca, purpose: 'sslserver', name, isStrict });
    expect([kind.name, verdict]).toEqual([kind.name, kind.openssl]);
  }
});

test('without a CA only dates are judged, and the log says so', async () => {
  const { trusted, ...policy } = request.policy;
  const asked = listeners
    .filter(({ kind }) => ['foreign', 'self-signed', 'expired'].includes(kind.name))
    .slice(0, 3);
  const { records, workflow } = await checked({ ...request, policy, nodes: asked.map(({ spec }) => spec) });
  expect(trusted).toHaveLength(1);
  expect(Object.fromEntries(records.map(({ reasons }, index) => [asked[index]?.kind.name, reasons]))).toEqual(
    {
      foreign: [],
      'self-signed': [],
      expired: ['expired'],
    },
  );
  expect(workflow.log).toContain('info issuer and names: not checked, since ca-certificate is not given');
  expect(workflow.log).toContain(
    'info client certificate: not checked, since neither shipyard-url nor shipyard-master is given',
  );
});

/** A port on which nothing listens any more. */
async function nobody() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return nodeSpec({ name: 'node100', address: '127.0.0.1', enginePort: port });
}

async function checked(asked: CheckRequest) {
  const workflow = new FakeWorkflow();
  const ports = { workflow, network: systemNetwork, clock: systemClock } as unknown as Ports;
  const allWell = await check(ports, asked);
  const records = JSON.parse(workflow.outputs.get('nodes') ?? '[]') as readonly CheckRecord[];
  return { allWell, workflow, records };
}

const WARNINGS: readonly string[] = ['expiring', 'not-refused'];

/** An exclamation mark says that `expiring` is fatal. */
function bare(found: string): string {
  return found.replace('!', '');
}

function actionOf(found: readonly string[]): string {
  if (found.length === 0) return 'valid';
  return found.every((one) => WARNINGS.includes(one)) ? 'warning' : 'failed';
}
