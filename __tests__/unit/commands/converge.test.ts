import { beforeAll, describe, expect, test } from '@jest/globals';
import { newestAlone, trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { addGeneration } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { converge } from '../../../src/commands/converge.ts';
import type { ApplyRequest } from '../../../src/inputs/request.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost } from '../../support/fake-rollout.ts';
import { FakeShipyard, listed } from '../../support/fake-shipyard.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { factsText } from '../../support/facts-text.ts';
import * as fakes from '../../support/fakes.ts';
import { ENGINE, observed } from '../apply/registration.ts';
import { convergedFacts } from '../plan/converged.ts';

const { NOW } = fakes;
const RUN_ID = 'https://github.example/runs/7 ab12';
const spec = fakes.nodeSpec();
let old: Authority;
let rotated: Authority;
let end: Authority;
let oldServer: Identity;
let newServer: Identity;
let before: Engine;

beforeAll(async () => {
  old = await fakes.newAuthority();
  rotated = await addGeneration(old, { algorithm: 'ecdsa-p256', days: 3650, now: NOW });
  end = newestAlone(rotated);
  [oldServer, newServer] = await Promise.all([fakes.serverFor(spec, old), fakes.serverFor(spec, rotated)]);
  before = await rowOf(old);
});

test('without a rotation a node that is as asked is proved, and nothing is done', async () => {
  const { isWell, steps, calls, outputs } = await converged(old, oldServer, old, [before]);
  expect({ isWell, steps, calls }).toEqual({ isWell: true, steps: [], calls: [] });
  expect(outputs.get('changed')).toBe('false');
  expect(outputs.has('ca')).toBe(false);
});

describe('a rotation', () => {
  test('is carried on from a node that trusts both to its end, and the old generation is dropped', async () => {
    const { isWell, steps, shipyard, outputs, log } = await converged(rotated, oldServer, rotated, [before]);
    expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(isWell).toBe(true);
    expect(steps.filter((step) => step === 'switch')).toHaveLength(1);
    // One row that trusts servers of both, which is good enough also when the node has gone over.
    expect(shipyard.added.map(({ trusted }) => trusted)).toEqual([trustedCertificates(rotated)]);
    expect(shipyard.rows).toHaveLength(1);
    expect(outputs.get('engines')).toContain('"health":"up"');
    expect(log.filter((line) => line.includes('Shipyard cannot use'))).toEqual([]);
    expect(certificatesIn(outputs.get('ca'))).toBe(1);
    expect(outputs.get('ca-certificate')).toBe(end.generations[0].certificate.pem);
  });

  test('whose last step was cut off: the nodes are done, and the old generation is dropped', async () => {
    const row = await rowOf(end);
    const { isWell, steps, calls, outputs } = await converged(rotated, newServer, end, [row]);
    expect({ isWell, steps, calls }).toEqual({ isWell: true, steps: [], calls: [] });
    expect(certificatesIn(outputs.get('ca'))).toBe(1);
  });

  test('of which a node of the inventory is left out drops nothing', async () => {
    const nodes = [spec, fakes.nodeSpec({ name: 'node2' })];
    const row = await rowOf(end);
    const { outputs, log } = await converged(rotated, newServer, end, [row], { nodes });
    expect(outputs.has('ca')).toBe(false);
    expect(log.join('\n')).toContain('missing: node2');
  });

  test('of a CA in the wrong hands overlaps with nothing, and says who is cut off', async () => {
    const { isWell, steps, shipyard, log } = await converged(rotated, oldServer, old, [before], {
      compromised: true,
    });
    expect(isWell).toBe(true);
    expect(steps.filter((step) => step === 'switch')).toHaveLength(1);
    expect(shipyard.added.map(({ trusted }) => trusted)).toEqual([trustedCertificates(end)]);
    expect(log.join('\n')).toContain('generation 1 of the CA is cut off from node1');
  });

  test('that turns out to be of a CA in the wrong hands on its way leaves no row that trusts it', async () => {
    const halfWay = await rowOf(rotated);
    const { isWell, shipyard } = await converged(rotated, oldServer, rotated, [halfWay], {
      compromised: true,
    });
    expect(isWell).toBe(true);
    expect(shipyard.rows.map(({ trusted }) => trusted)).toEqual([trustedCertificates(end)]);
  });
});

/** Converges one node that serves this certificate and trusts all of that authority. */
async function converged(
  authority: Authority,
  server: Identity,
  trusted: Authority,
  rows: readonly Engine[],
  fields: Partial<ApplyRequest> = {},
) {
  const journal: string[] = [];
  const facts = {
    ...convergedFacts(spec, fakes.installedSet(server, trusted)),
    engine: { ...ENGINE, liveRestore: true },
  };
  const host = new RolloutHost('node1', journal, undefined, (step) =>
    step === 'facts' ? { stdout: factsText(facts) } : undefined,
  );
  const node = {
    ...fakes.reachedNode(spec, facts, host),
    observation: { facts, served: { certificate: server.certificate, demandsClient: true } },
  };
  const isSwitched = () => journal.includes('node1 switch');
  // The controller happens to look while Docker restarts, and again a while later.
  let blind = 5;
  const shown = (row: Engine): Engine =>
    isSwitched() && (blind -= 1) > 0 ? { ...row, health: 'down' } : row;
  const shipyard = new FakeShipyard(rows, { shown });
  const workflow = new FakeWorkflow();
  const letIn = (): Authority => ({
    generations: isSwitched() ? [authority.generations[0]] : trusted.generations,
  });
  const network = engines(
    {
      get generations() {
        return letIn().generations;
      },
    },
    () => (isSwitched() ? host.uploaded() : undefined) ?? server.certificate,
  );
  const ports = {
    ...{ workflow, network, clock: new FakeClock(NOW) },
    run: { id: RUN_ID, url: '', isCancelled: () => false },
  } as unknown as Ports;
  const seen = { nodes: [node], shipyard: observed(shipyard), close: () => undefined };
  const isWell = await converge(
    ports,
    fakes.request({ nodes: [spec], ...fields }),
    seen,
    authority,
    () => undefined,
  );
  return {
    isWell,
    shipyard,
    outputs: workflow.outputs,
    log: workflow.log,
    steps: journal.map((line) => line.replace('node1 ', '')),
    calls: shipyard.calls.filter((call) => /^(add|remove)/.test(call)),
  };
}

async function rowOf(authority: Authority): Promise<Engine> {
  const { certificate: client } = await fakes.clientFor('node1', authority);
  return listed({ client, trusted: trustedCertificates(authority) });
}

function certificatesIn(bundle = ''): number {
  return Buffer.from(bundle, 'base64').toString().split('BEGIN CERTIFICATE').length - 1;
}
