import { expect, test } from '@jest/globals';
import { scanHostKeys } from '../../../src/commands/scan-host-keys.ts';
import { UnreachableError } from '../../../src/errors.ts';
import type { ScanRequest } from '../../../src/inputs/request.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { parseHostKey } from '../../../src/ssh/host-key.ts';
import type { SshRoute } from '../../../src/ssh/route.ts';
import { FakeNetwork } from '../../support/fake-network.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';

const BASE64 = 'AAAAC3NzaC1lZDI1NTE5AAAAIO28rRcqXlyPM+JKSaRtD8mbPwtUGFqjnRwhNadq9cL/';
const key = parseHostKey(`ssh-ed25519 ${BASE64}`);
const request: ScanRequest = {
  command: 'scan-host-keys',
  hosts: [
    { name: 'node1', route: route('10.0.0.11', 22) },
    { name: 'node2', route: route('2001:db8::12', 2222) },
  ],
  ssh: undefined,
  concurrency: 2,
  connectTimeoutSeconds: 20,
};

test('the keys are shown as fingerprints and as lines, and are an output', async () => {
  const { workflow, allWell } = await scan(() => Promise.resolve([key]));
  expect(allWell).toBe(true);
  const lines = [`10.0.0.11 ssh-ed25519 ${BASE64}`, `[2001:db8::12]:2222 ssh-ed25519 ${BASE64}`];
  expect(workflow.outputs.get('host-keys')).toBe(`${lines.join('\n')}\n`);
  expect(workflow.log).toEqual([
    'info [node1] ssh-ed25519 SHA256:JljC4BnOLOIVJV7Xe2mQA1ACIikzvLN281Vju3157V0',
    'info [node2] ssh-ed25519 SHA256:JljC4BnOLOIVJV7Xe2mQA1ACIikzvLN281Vju3157V0',
    expect.stringMatching(/^info anybody in between .* compare each fingerprint/),
    ...lines.map((line) => `info ${line}`),
  ]);
});

test('a host behind a jump host that cannot be logged in to is not scanned, and the reason is told', async () => {
  const jump = route('10.0.0.1', 22);
  const behind = { name: 'node1', route: route('10.0.0.11', 22, jump) };
  const hosts = [behind, { name: 'jump host 10.0.0.1', route: jump }];
  const { workflow, allWell } = await scan(() => Promise.resolve([key]), { ...request, hosts });
  expect(allWell).toBe(false);
  expect(workflow.log[0]).toMatch(
    /^error \[node1\] ssh: not scanned, since it is behind the jump host 10\.0\.0\.1, .*\nhint: give ssh-private-key/,
  );
  expect(workflow.outputs.get('host-keys')).toBe(`10.0.0.1 ssh-ed25519 ${BASE64}\n`);
});

test('a host that cannot be scanned is named, the others are shown, and the run is red', async () => {
  const { workflow, allWell } = await scan((host) =>
    host === '10.0.0.11'
      ? Promise.reject(new UnreachableError({ message: 'ssh: no answer', hint: 'look' }))
      : Promise.resolve([key]),
  );
  expect(allWell).toBe(false);
  expect(workflow.log[0]).toBe('error [node1] ssh: no answer\nhint: look');
  expect(workflow.outputs.get('host-keys')).toBe(`[2001:db8::12]:2222 ssh-ed25519 ${BASE64}\n`);
});

function route(host: string, port: number, ...jumps: SshRoute['jumps']): SshRoute {
  return { address: { user: 'root', host, port }, keys: { trusted: [], revoked: [] }, jumps };
}

async function scan(hostKeys: (host: string) => Promise<readonly (typeof key)[]>, asked = request) {
  const workflow = new FakeWorkflow();
  const network = Object.assign(
    new FakeNetwork(() => ({ kind: 'failed', reason: 'no engine', served: undefined })),
    { hostKeys: ({ address }: SshRoute) => hostKeys(address.host) },
  );
  const ports = { workflow, network } as unknown as Ports;
  return { workflow, allWell: await scanHostKeys(ports, asked) };
}
