import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ActionRun, runAction } from '../../lab/runner.ts';
import { OpenSsl } from '../support/openssl.ts';
import { apply, caPassphrase, firstRun, json } from './support/apply.ts';
import { watchCommandLines } from './support/command-lines.ts';
import { containersOf } from './support/containers.ts';
import { curlPing, curlRefusal, servedBy, serverFiles } from './support/engine-port.ts';
import { cli, nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { dockerPid, nodeState } from './support/node-state.ts';
import { nodesByPhase } from './support/phases.ts';
import { strangerOf } from './support/stranger.ts';
import { expectNoSecrets } from './support/no-secrets.ts';
import { forgetRequests, rows, writes } from './support/shipyard-rows.ts';

describeLab('the main job: three nodes, from nothing to engines that are up', (lab) => {
  const cluster = useCluster(lab, 3);
  const openssl = new OpenSsl();
  const names = ['node1', 'node2', 'node3'];
  let first: ActionRun;
  let commandLines: readonly string[];
  let ca = '';

  beforeAll(async () => {
    const watched = watchCommandLines();
    ({ run: first, ca } = await firstRun(lab, cluster(), cli, { env: { RUNNER_DEBUG: '1' } }));
    commandLines = await watched();
  });
  afterAll(() => openssl.remove());

  const caCertificate = (): string => first.outputs['ca-certificate'] ?? '';

  test('registers every node, up and with its Docker version', () => {
    expect(json(first, 'engines').map(({ name, health, labels }) => ({ name, health, labels }))).toEqual(
      names.map((name) => ({ name, health: 'up', labels: [name] })),
    );
    for (const engine of json(first, 'engines')) expect(engine['docker-version']).toMatch(/^20\.10/);
    expect(first.outputs['changed']).toBe('true');
  });

  test('reports every node with its certificate, in output and summary, and in each phase of the log', () => {
    const nodes = json(first, 'nodes');
    expect(nodes.map(({ name, action, reasons }) => ({ name, action, reasons }))).toEqual(
      names.map((name) => ({ name, action: 'changed', reasons: ['missing'] })),
    );
    expect([...nodesByPhase(first.log)]).toEqual([
      ['Reading nodes and Shipyard', names],
      ['Changing and proving nodes', names],
      ['Registering engines', names],
    ]);
    expect(nodes.map((node) => node['days-left'])).toEqual([179, 179, 179]);
    expect(first.outputs['next-expiry']).toBe(nodes.map((node) => String(node['not-after'])).sort()[0]);
    expect(first.summary).toContain('| node3 |');
  });

  test('issues server certificates that openssl accepts at its strictest, for their address and nothing else', async () => {
    for (const node of cluster().nodes) {
      const leaf = await servedBy(node);
      const verify = (purpose: 'sslserver' | 'sslclient', name: readonly string[]) =>
        openssl.verify({ leaf, ca: caCertificate(), purpose, name });
      expect(verify('sslserver', ['-verify_ip', node.address])).toBe('OK');
      expect(verify('sslserver', ['-verify_ip', '10.1.2.3'])).toBe('IP address mismatch');
      expect(verify('sslclient', [])).toBe('unsuitable certificate purpose');
    }
  });

  test('issues client certificates that openssl accepts at its strictest, only as clients; they are let in, and nobody else is', async () => {
    const stranger = strangerOf(openssl);
    const ca = caCertificate();
    const registered = await rows(cluster().master);
    for (const node of cluster().nodes) {
      const row = registered.find(({ engine }) => engine.id === node.name);
      const client = { certificate: row?.ssl_cert ?? '', key: row?.ssl_key ?? '' };
      const leaf = client.certificate;
      expect(openssl.verify({ leaf, ca, purpose: 'sslclient' })).toBe('OK');
      expect(openssl.verify({ leaf, ca, purpose: 'sslserver' })).toBe('unsuitable certificate purpose');
      expect(await curlPing(node, ca, client)).toBe('OK');
      expect(await curlRefusal(node, ca)).toContain('alert bad certificate');
      expect(await curlRefusal(node, ca, stranger)).toContain('alert bad certificate');
    }
  });

  test("a node's server key opens no other node", async () => {
    const [node1, node2] = cluster().nodes;
    if (!node1 || !node2) throw new Error('there are three nodes');
    const refusal = await curlRefusal(node2, caCertificate(), await serverFiles(node1));
    expect(refusal).toContain('alert bad certificate');
  });

  test('no private key in clear is anywhere but where it belongs: not in a log, an output, the summary, a command line, or a file that is left behind', async () => {
    await expectNoSecrets(openssl, cluster(), { run: first, commandLines, caPassphrase });
  });

  describe('from then on', () => {
    let state: readonly string[];
    let digest = '';
    const states = () => Promise.all(cluster().nodes.map(nodeState));
    const planned = { ...cli, only: 'node1 node2', 'force-renew': 'node2' };

    beforeAll(async () => {
      await forgetRequests(cluster().master);
      state = await states();
    });

    test('nothing is left of the first run: no file on the runner, no container, no upload on a node', async () => {
      expect([first.leftovers, await containersOf(first)]).toEqual([{}, []]);
      expect(state.join()).not.toContain('root/.shipyard-cluster');
    });

    test('a check reads the served certificates without any secret', async () => {
      const { nodes } = nodeInputs(lab, cluster());
      const bare = await runAction({ inputs: { command: 'check', nodes: nodes ?? '' } });
      expect(json(bare, 'nodes')).toMatchObject(
        json(first, 'nodes').map(({ name, serial }) => ({
          ...{ name, serial, action: 'valid', reasons: [], 'days-left': 179, client: 'not checked' },
        })),
      );
      expect(bare).toMatchObject({
        exitCode: 0,
        log: expect.stringContaining('client certificate: not checked'),
      });
      // With the credentials of Shipyard it reads those in there as well.
      const row = (await rows(cluster().master)).find(({ engine }) => engine.id === 'node2');
      const whole = await apply(lab, cluster(), {
        ...{
          command: 'check',
          'ca-certificate': caCertificate(),
          'warn-before': '200',
          'fail-before': '180',
        },
      });
      expect(whole.exitCode).toBe(1);
      const serial = new X509Certificate(row?.ssl_cert ?? '').serialNumber.toLowerCase();
      expect(json(whole, 'nodes')[1]).toMatchObject({
        ...{ name: 'node2', action: 'failed', reasons: ['expiring'] },
        client: { reasons: ['expiring'], serial },
      });
      expect(whole.log).toMatch(/::error title=node2::\[node2\] the certificate ends .*, in 179 days/);
    });

    test('a second run has nothing to do', async () => {
      const second = await apply(lab, cluster(), { ...cli, ca });
      expect({ log: second.log, exitCode: second.exitCode }).toMatchObject({ exitCode: 0 });
      expect(second.outputs['changed']).toBe('false');
      expect(json(second, 'nodes').map(({ action }) => action)).toEqual(names.map(() => 'unchanged'));
    });

    test('a renewal is planned without any key of the CA', async () => {
      const plan = await apply(lab, cluster(), {
        ...{ ...planned, command: 'plan' },
        ...{ 'ca-certificate': caCertificate(), 'ca-passphrase': '' },
      });
      expect(plan.exitCode).toBe(0);
      const keep = { action: 'keep', steps: [], reasons: [] };
      expect(json(plan, 'plan')).toEqual([
        { name: 'node1', ...keep, engine: keep, notes: [] },
        {
          ...{ name: 'node2', action: 'change', reasons: ['forced'], notes: [] },
          steps: ['issue-certificate', 'restart-docker'],
          engine: { action: 'change', steps: ['add-engine', 'remove-engine'], reasons: ['forced'] },
        },
      ]);
      digest = plan.outputs['plan-digest'] ?? '';
    });

    test('status reads nodes, certificates and engines', async () => {
      const status = await apply(lab, cluster(), { command: 'status', only: 'node3', 'ca-passphrase': '' });
      expect(status.exitCode).toBe(0);
      const { name, serial } = json(first, 'nodes')[2] ?? {};
      expect(json(status, 'nodes')).toMatchObject([
        { name, serial, 'client-demanded': true, engine: { health: 'up' } },
      ]);
    });

    test('a plan is refused when the world has changed since', async () => {
      const key = '/etc/docker/shipyard-cluster/current/key.pem';
      await cluster().nodes[0]?.script(`chmod 0640 ${key}`);
      const run = await apply(lab, cluster(), { ...planned, ca, 'plan-digest': digest });
      await cluster().nodes[0]?.script(`chmod 0600 ${key}`);
      expect(run.exitCode).toBe(1);
      expect(run.log).toContain('due now: node1 config-drift, node2 forced');
    });

    test('all these have changed nothing: no restart, no certificate, no request that writes', async () => {
      expect(await writes(cluster().master)).toEqual([]);
      expect(await states()).toEqual(state);
    });

    test('two runs at once over disjoint nodes do not disturb each other, nor the list of engines: one as it was planned, each with a new key and one restart', async () => {
      const { nodes, master } = cluster();
      const pids = await Promise.all(nodes.map(dockerPid));
      const old = await rows(master);
      const halves = await Promise.all([
        apply(lab, cluster(), { ...planned, ca, 'plan-digest': digest }),
        apply(lab, cluster(), { ...cli, ca, only: 'node3', 'force-renew': 'node3' }),
      ]);
      for (const { log, exitCode } of halves) if (exitCode !== 0) throw new Error(log);
      const done = halves.flatMap((run) => json(run, 'nodes'));
      expect(done.map(({ name, reasons }) => [name, reasons])).toEqual([
        ['node1', []],
        ['node2', ['forced']],
        ['node3', ['forced']],
      ]);
      const own = (name: string, run: ActionRun) =>
        json(run, 'engines').filter((engine) => engine['name'] === name);
      expect(own('node2', halves[0])).toMatchObject([{ health: 'up' }]);
      expect(own('node3', halves[1])).toMatchObject([{ health: 'up' }]);
      const after = await Promise.all(nodes.map(dockerPid));
      expect(after.map((pid, index) => pid === pids[index])).toEqual([true, false, false]);
      const now = await rows(master);
      expect(now.map(({ engine }) => engine.id).sort()).toEqual(names);
      expect(now.filter(({ ssl_key }) => old.some((row) => row.ssl_key === ssl_key))).toEqual(
        old.filter(({ engine }) => engine.id === 'node1'),
      );
    });
  });
});
