import { expect, test } from '@jest/globals';
import { observe } from '../../../src/observe/observe.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { SshRoute } from '../../../src/ssh/route.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { FakeNetwork } from '../../support/fake-network.ts';
import { fakeRun } from '../../support/fake-run.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { factsText } from '../../support/facts-text.ts';
import { nodeFacts, nodeSpec, NOW, request } from '../../support/fakes.ts';

const node1 = nodeSpec();
const node2 = nodeSpec({ name: 'node2', ssh: { user: 'root', host: '10.0.0.12', port: 22 } });

test('each node is read, and what it says is data', async () => {
  const facts = nodeFacts({ dockerVersion: '20\u001b[31m##[add-mask]x', runningContainers: ['a', 'b'] });
  const host = new FakeHost(() => ({ stdout: factsText(facts) }));
  const ports = fakePorts(({ address }) =>
    address.host === '10.0.0.11' ? Promise.resolve(host) : Promise.reject(new Error('no route\u001b[31m')),
  );
  const seen = await observe(ports, request({ nodes: [node1, node2] }), () => undefined);
  expect(seen.nodes).toMatchObject([
    { kind: 'reached', spec: node1 },
    { kind: 'unreachable', spec: node2 },
  ]);
  expect(ports.workflow.log).toEqual([
    'info [node1] Docker 20\\u{1b}[31m#_[add-mask]x, 2 running containers, serves no certificate',
    expect.stringMatching(/^info \[node2\] this is a defect of the action: Error: no route\\u\{1b\}\[31m/),
  ]);
  expect(host.isClosed).toBe(false);
  seen.close();
  expect(host.isClosed).toBe(true);
});

function fakePorts(ssh: (route: SshRoute) => Promise<FakeHost>): Ports & { workflow: FakeWorkflow } {
  return {
    inputs: { input: () => '', readFile: () => undefined },
    workflow: new FakeWorkflow(),
    network: Object.assign(new FakeNetwork(() => ({ kind: 'failed', reason: 'none', served: undefined })), {
      ssh,
    }),
    http: new FakeHttp(),
    docker: new FakeDocker(),
    clock: new FakeClock(NOW),
    run: fakeRun,
    workspace: { writeFile: () => Promise.resolve() },
  };
}
