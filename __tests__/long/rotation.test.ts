import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LabNode } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { OpenSsl } from '../support/openssl.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import {
  type Counters,
  expectEverySecond,
  expectSameProcesses,
  startCounters,
} from '../lab/support/counters.ts';
import { curlPing, curlRefusal, servedBy, type ClientFiles } from '../lab/support/engine-port.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';
import { Poller } from '../lab/support/poller.ts';
import { forgetRequests, rows, writes } from '../lab/support/shipyard-rows.ts';

/** Nobody listens there on the master. */
const NO_SHIPYARD = 'http://127.0.0.1:9999';

describeLab('the CA is rotated under two nodes that are in use', (lab) => {
  const cluster = useCluster(lab, 2);
  const openssl = new OpenSsl();
  let poller: Poller;
  let counters: Counters;
  /** The CA as it is kept: after each run what that hands out, if it does. */
  let ca: string;
  let oldCertificate: string;
  let oldClients: ReadonlyMap<string, ClientFiles>;
  let newest: string;

  const nodes = (): readonly [LabNode, LabNode] => {
    const [node1, node2] = cluster().nodes;
    if (!node1 || !node2) throw new Error('there are two nodes');
    return [node1, node2];
  };
  const run = async (inputs: Readonly<Record<string, string>>): Promise<ActionRun> => {
    const done = await apply(lab, cluster(), { ca, ...inputs });
    ca = done.outputs['ca'] ?? ca;
    return done;
  };

  beforeAll(async () => {
    const { run: first, ca: made } = await firstRun(lab, cluster());
    ca = made;
    oldCertificate = first.outputs['ca-certificate'] ?? '';
    oldClients = await clients();
    counters = await startCounters(nodes());
    for (const node of nodes()) await countRestarts(node);
    poller = new Poller(cluster());
  });
  afterAll(() => openssl.remove());

  test('rotate-ca adds a generation, hands it out and ends there: no node and no row is touched', async () => {
    const before = await Promise.all(nodes().map(nodeState));
    await forgetRequests(cluster().master);
    const rotation = await run({ command: 'rotate-ca' });
    expect(rotation.log).not.toContain('::error');
    expect(rotation.exitCode).toBe(0);
    expect(subjects(rotation.outputs['ca-certificate'])).toEqual([
      'O=shipyard-cluster, CN=Docker TLS CA (generation 2)',
      'O=shipyard-cluster, CN=Docker TLS CA (generation 1)',
    ]);
    expect(bundled()).toEqual({ certificates: 2, keys: 2 });
    [newest = ''] = certificates(rotation.outputs['ca-certificate']);
    expect(await Promise.all(nodes().map(nodeState))).toEqual(before);
    expect(await writes(cluster().master)).toEqual([]);
  });

  test('a Shipyard that cannot be reached: both nodes trust both CAs, serve what they did, and stay there', async () => {
    const served = await Promise.all(nodes().map(servedBy));
    const red = await run({ 'shipyard-url': NO_SHIPYARD });
    expect(red.exitCode).toBe(1);
    expect(json(red, 'nodes').map(({ action, reasons }) => ({ action, reasons }))).toEqual([
      { action: 'changed', reasons: ['trust-changed'] },
      { action: 'changed', reasons: ['trust-changed'] },
    ]);
    expect(await Promise.all(nodes().map(servedBy))).toEqual(served);
    for (const node of nodes()) expect(certificates(await trustedBy(node)).toSorted()).toEqual(both());
  });

  test('only: one node goes over, and as long as the other has not, nothing is dropped; rotate-ca adds nothing', async () => {
    const [node1, node2] = nodes();
    const part = await run({ command: 'rotate-ca', only: 'node1' });
    expect(part.log).not.toContain('::error');
    expect(part.exitCode).toBe(0);
    expect(part.log).toContain('no generation is added to the CA');
    expect(part.log).toContain('missing: node2');
    expect(part.outputs['ca']).toBeUndefined();
    expect(json(part, 'nodes').map(({ reasons }) => reasons)).toEqual([['rotation', 'trust-changed']]);
    expect(certificates(await trustedBy(node1))).toEqual([newest]);
    expect(certificates(await trustedBy(node2)).toSorted()).toEqual(both());
  });

  test('the next apply takes the other over, and the old generation is dropped from what is kept', async () => {
    const rest = await run({});
    expect(rest.log).not.toContain('::error');
    expect(rest.exitCode).toBe(0);
    expect(bundled()).toEqual({ certificates: 1, keys: 1 });
    expect(certificates(rest.outputs['ca-certificate'])).toEqual([newest]);
    for (const node of nodes()) {
      expect(certificates(await trustedBy(node))).toEqual([newest]);
      const name = ['-verify_ip', node.address];
      const leaf = await servedBy(node);
      expect(openssl.verify({ leaf, ca: newest, purpose: 'sslserver', name })).toBe('OK');
    }
    // Shipyard verifies nothing by it, and forgets the old one with its next change.
    expect((await rows(cluster().master)).map(({ ca_cert }) => certificates(ca_cert).toSorted())).toEqual([
      both(),
      both(),
    ]);
  });

  test('then clients of the new CA are let in, and those of the old one are not', async () => {
    const now = await clients();
    for (const node of nodes()) {
      expect(await curlPing(node, newest, now.get(node.name))).toBe('OK');
      expect(await curlRefusal(node, newest, oldClients.get(node.name))).toMatch(/alert|certificate/);
      expect(await curlPing(node, oldCertificate, now.get(node.name))).toContain('certificate');
    }
  });

  test('through all of this nobody was refused who came with what Shipyard held; each node was gone twice', async () => {
    const polled = await poller.stop();
    for (const node of nodes()) {
      const seen = polled.get(node.name);
      const restarts = await countRestarts(node);
      console.log(`${node.name}: ${JSON.stringify(seen)}, ${restarts} restarts`);
      // Ten, where the machine has nothing else to do.
      expect(seen?.perSecond).toBeGreaterThanOrEqual(2);
      expect(seen?.refusals).toEqual([]);
      expect(restarts).toBe(2);
      expect(seen?.outages.length).toBeLessThanOrEqual(restarts);
    }
    await expectSameProcesses(counters);
    await expectEverySecond(counters);
  });

  test('after it nothing is left to do: rotate-ca adds a generation. compromised: each node goes over to that in one restart, and it is said who is cut off', async () => {
    const rotation = await run({ command: 'rotate-ca' });
    expect(rotation.exitCode).toBe(0);
    expect(bundled()).toEqual({ certificates: 2, keys: 2 });
    const before = await clients();
    for (const node of nodes()) await countRestarts(node);
    const hurry = await run({ compromised: 'true' });
    expect(hurry.log).not.toContain('::error');
    expect(hurry.exitCode).toBe(0);
    expect(hurry.log).toContain('generation 2 of the CA is cut off from node1, node2');
    expect(bundled()).toEqual({ certificates: 1, keys: 1 });
    await expectSameProcesses(counters);
    const [third = ''] = certificates(hurry.outputs['ca-certificate']);
    const now = await clients();
    for (const node of nodes()) {
      expect(await countRestarts(node)).toBe(1);
      expect(await curlPing(node, third, now.get(node.name))).toBe('OK');
      expect(await curlRefusal(node, third, before.get(node.name))).toMatch(/alert|certificate/);
    }
    expect(json(hurry, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
    expect((await rows(cluster().master)).map(({ ca_cert }) => certificates(ca_cert))).toEqual([
      [third],
      [third],
    ]);
  });

  const both = (): readonly string[] => [newest, ...certificates(oldCertificate)].toSorted();

  async function clients(): Promise<ReadonlyMap<string, ClientFiles>> {
    const listed = await rows(cluster().master);
    return new Map(
      listed.map(({ engine, ssl_cert: certificate, ssl_key: key }) => [engine.id, { certificate, key }]),
    );
  }

  function bundled(): { readonly certificates: number; readonly keys: number } {
    const text = Buffer.from(ca, 'base64').toString();
    return {
      certificates: certificates(text).length,
      keys: text.split('-----BEGIN ENCRYPTED PRIVATE KEY-----').length - 1,
    };
  }

  function subjects(bundle = ''): readonly string[] {
    return certificates(bundle).map((pem) => {
      openssl.write('one.pem', pem);
      return openssl
        .run('x509', '-in', 'one.pem', '-noout', '-subject', '-nameopt', 'sep_comma_plus_space')
        .trim()
        .replace('subject=', '');
    });
  }
});

function certificates(bundle = ''): readonly string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
}

function trustedBy(node: LabNode): Promise<string> {
  return node.script('cat /etc/docker/shipyard-cluster/current/ca.pem');
}

/** How often Docker was started since this was asked last. */
async function countRestarts(node: LabNode): Promise<number> {
  const text = await node.script(
    `journalctl --quiet --output cat --unit docker.service --cursor-file /run/restarts | grep -c '^Started docker.service' || true`,
  );
  return Number(text);
}
