import { describe, expect, test } from '@jest/globals';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { layout } from '../../../src/node/layout.ts';
import { originRecord } from '../../../src/node/origin.ts';
import { sysv } from '../../../src/node/sysv.ts';
import type { NodeChange } from '../../../src/plan/node-plan.ts';
import { planRemoval } from '../../../src/plan/removal-plan.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';

const engine = { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: true, swarm: false };

describe('a node where init scripts start Docker', () => {
  const script = 'start-stop-daemon --start --exec "$DOCKERD" -- $DOCKER_OPTS\n';
  const guide =
    'DOCKER_OPTS="--tlsverify -H=unix:///var/run/docker.sock -H=node1:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem --label name=node1"\n';

  function sysvNode(defaults: string, enginePort = 2376, record?: string): NodeChange {
    const asked = nodeSpec({ enginePort });
    const before = nodeFacts({
      systemd: false,
      unit: undefined,
      socketUnit: undefined,
      initScript: script,
      defaults,
    });
    const service = sysv.service(before, asked);
    const facts: NodeFacts = {
      ...before,
      defaults: service.files['default-docker'] ?? defaults,
      daemonConfig: daemonConfig(before, service, asked).text,
      recoverScript: sysv.recovery.text,
      engine,
      origin: record ?? originRecord(before, service),
      traces: [layout.base, layout.recoverScript],
    };
    const served = { certificate: undefined, demandsClient: true };
    const found = planRemoval(asked, { facts, served }, { allowContainerRestart: false });
    if (found.kind !== 'change') throw new Error(`expected a change, not ${JSON.stringify(found)}`);
    return found;
  }

  test('has no files of systemd to give back', () => {
    expect(sysvNode('')).toMatchObject({
      gone: ['firewall.sh', 'firewall.init'],
      certificate: { expected: { kind: 'closed' } },
    });
  });

  test("gets the guide's line back to the byte, and is to serve on its port as before", () => {
    expect(sysvNode(`# Docker\n${guide}`)).toMatchObject({
      files: { 'default-docker': `# Docker\n${guide}` },
      certificate: { expected: { kind: 'former' } },
    });
  });

  test('and just so by a record of before, that had listeners and labels alone', () => {
    const former = {
      hosts: null,
      ...{ tlsverify: null, tlscacert: null, tlscert: null, tlskey: null },
      ...{ 'live-restore': null, labels: null },
    };
    const flags = { '-H': ['unix:///var/run/docker.sock'], '--label': ['name=node1'] };
    const record = JSON.stringify({ version: 1, existed: false, 'daemon.json': former, flags });
    expect(sysvNode(guide, 2376, record)).toEqual(sysvNode(guide));
  });

  test("closes a port that was not the guide's", () => {
    expect(sysvNode(guide, 12376)).toMatchObject({ certificate: { expected: { kind: 'closed' } } });
  });
});
