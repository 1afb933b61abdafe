import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runAction, type ActionRun } from '../../lab/runner.ts';
import { OpenSsl } from '../support/openssl.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { containersOf } from './support/containers.ts';
import { curlPing, curlRefusal, servedBy } from './support/engine-port.ts';
import { cli, nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { dockerPid, nodeState } from './support/node-state.ts';
import { nodesByPhase } from './support/phases.ts';
import { strangerOf } from './support/stranger.ts';
import { forgetRequests, rows, writes } from './support/shipyard-rows.ts';

describeLab('the main job: three nodes, from nothing to engines that are up', (lab) => {
  const cluster = useCluster(lab, 3);
  const openssl = new OpenSsl();
  const names = ['node1', 'node2', 'node3'];
  let first: ActionRun;
  let ca = '';
  let digest = '';

  beforeAll(async () => {
    ({ run: first, ca } = await firstRun(lab, cluster(), cli));
  });
  afterAll(() => {
    openssl.remove();
  });

  const caCertificate = (): string => first.outputs['ca-certificate'] ?? '';

  test('registers every node, up and with its Docker version', () => {
    expect(json(first, 'engines').map(({ name, health, labels }) => ({ name, health, labels }))).toEqual(
      names.map((name) => ({ name, health: 'up', labels: [name] })),
    );
    expect(
      json(first, 'engines').every((engine) => String(engine['docker-version']).startsWith('20.10')),
    ).toBe(true);
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
      const name = ['-verify_ip', node.address];
      const verify = (purpose: 'sslserver' | 'sslclient', names: readonly string[]) =>
        openssl.verify({ leaf, ca: caCertificate(), purpose, name: names });
      expect(verify('sslserver', name)).toBe('OK');
      expect(verify('sslserver', ['-verify_ip', '10.1.2.3'])).toBe('IP address mismatch');
      expect(verify('sslclient', [])).toBe('unsuitable certificate purpose');
    }
  });

  test('issues client certificates that openssl accepts at its strictest, and only as clients', async () => {
    for (const { ssl_cert: leaf } of await rows(cluster().master)) {
      expect(openssl.verify({ leaf, ca: caCertificate(), purpose: 'sslclient' })).toBe('OK');
      expect(openssl.verify({ leaf, ca: caCertificate(), purpose: 'sslserver' })).toBe(
        'unsuitable certificate purpose',
      );
    }
  });

  test('lets the issued client in and refuses everybody else', async () => {
    const stranger = strangerOf(openssl);
    for (const node of cluster().nodes) {
      const row = (await rows(cluster().master)).find(({ engine }) => engine.id === node.name);
      const client = { certificate: row?.ssl_cert ?? '', key: row?.ssl_key ?? '' };
      expect(await curlPing(node, caCertificate(), client)).toBe('OK');
      expect(await curlRefusal(node, caCertificate())).toContain('alert bad certificate');
      expect(await curlRefusal(node, caCertificate(), stranger)).toContain('alert bad certificate');
    }
  });

  test('a check reads the served certificates without any secret, and those in Shipyard with its credentials', async () => {
    const { nodes } = nodeInputs(lab, cluster());
    const before = await Promise.all(cluster().nodes.map(nodeState));
    const bare = await runAction({ inputs: { command: 'check', nodes: nodes ?? '' } });
    expect(bare.exitCode).toBe(0);
    expect(json(bare, 'nodes')).toMatchObject(
      json(first, 'nodes').map(({ name, serial }) => ({
        ...{ name, serial, action: 'valid', reasons: [], 'days-left': 179, client: 'not checked' },
      })),
    );
    expect(bare.log).toContain('client certificate: not checked');
    const { ['node2']: row } = Object.fromEntries(
      (await rows(cluster().master)).map((one) => [one.engine.id, one]),
    );
    const whole = await apply(lab, cluster(), {
      ...cli,
      ...{ command: 'check', 'ca-certificate': caCertificate(), 'warn-before': '200', 'fail-before': '180' },
    });
    expect(whole.exitCode).toBe(1);
    const serial = openssl.run(
      'x509',
      '-noout',
      '-serial',
      '-in',
      openssl.write('row.pem', row?.ssl_cert ?? ''),
    );
    expect(json(whole, 'nodes')[1]).toMatchObject({
      ...{ name: 'node2', action: 'failed', reasons: ['expiring'] },
      client: { reasons: ['expiring'], serial: serial.trim().replace('serial=', '').toLowerCase() },
    });
    expect(whole.log).toMatch(/::error title=node2::\[node2\] the certificate ends .*, in 179 days/);
    expect(await Promise.all(cluster().nodes.map(nodeState))).toEqual(before);
  });

  test("a node's server key opens no other node", async () => {
    const [node1, node2] = cluster().nodes;
    const certificate = await node1?.readFile('/etc/docker/shipyard-cluster/current/cert.pem');
    const key = await node1?.readFile('/etc/docker/shipyard-cluster/current/key.pem');
    if (!node2 || certificate === undefined || key === undefined) throw new Error('there are two nodes');
    expect(await curlRefusal(node2, caCertificate(), { certificate, key })).toContain(
      'alert bad certificate',
    );
  });

  test('leaves nothing behind: no file on the runner, no container, no upload on a node', async () => {
    expect(first.leftovers).toEqual({});
    expect(await containersOf(first)).toEqual([]);
    for (const node of cluster().nodes) expect(await nodeState(node)).not.toContain('root/.shipyard-cluster');
  });

  test('changes nothing in a second run: no restart, no certificate, no request that writes', async () => {
    const { nodes, master } = cluster();
    const before = await Promise.all(nodes.map(nodeState));
    const engines = await rows(master);
    await forgetRequests(master);
    const second = await apply(lab, cluster(), { ...cli, ca });
    expect(second.log).not.toContain('::error');
    expect(second.exitCode).toBe(0);
    expect(second.outputs['changed']).toBe('false');
    expect(json(second, 'nodes').map(({ action }) => action)).toEqual(names.map(() => 'unchanged'));
    expect(await writes(master)).toEqual([]);
    expect(await Promise.all(nodes.map(nodeState))).toEqual(before);
    expect(await rows(master)).toEqual(engines);
  });

  test('plans a renewal without any key of the CA, and changes nothing', async () => {
    const before = await Promise.all(cluster().nodes.map(nodeState));
    await forgetRequests(cluster().master);
    const asked = { 'ca-certificate': caCertificate(), 'ca-passphrase': '', 'force-renew': 'node2' };
    const [plan, status] = await Promise.all([
      apply(lab, cluster(), { ...cli, command: 'plan', ...asked }),
      apply(lab, cluster(), { ...cli, command: 'status', 'ca-passphrase': '' }),
    ]);
    expect([plan.exitCode, status.exitCode]).toEqual([0, 0]);
    const keep = { action: 'keep', steps: [], reasons: [] };
    expect(json(plan, 'plan')).toEqual([
      { name: 'node1', ...keep, engine: keep, notes: [] },
      {
        ...{ name: 'node2', action: 'change', reasons: ['forced'], notes: [] },
        steps: ['issue-certificate', 'restart-docker'],
        engine: { action: 'change', steps: ['add-engine', 'remove-engine'], reasons: ['forced'] },
      },
      { name: 'node3', ...keep, engine: keep, notes: [] },
    ]);
    digest = plan.outputs['plan-digest'] ?? '';
    expect(json(status, 'nodes')).toMatchObject(
      json(first, 'nodes').map(({ name, serial }) => ({
        ...{ name, serial, 'client-demanded': true, engine: { health: 'up' } },
      })),
    );
    expect(await writes(cluster().master)).toEqual([]);
    expect(await Promise.all(cluster().nodes.map(nodeState))).toEqual(before);
  });

  test('refuses a plan when the world has changed since, and touches nothing', async () => {
    const key = '/etc/docker/shipyard-cluster/current/key.pem';
    await cluster().nodes[2]?.script(`chmod 0640 ${key}`);
    const before = await Promise.all(cluster().nodes.map(nodeState));
    const run = await apply(lab, cluster(), { ...cli, ca, 'force-renew': 'node2', 'plan-digest': digest });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('due now: node2 forced, node3 config-drift');
    expect(await Promise.all(cluster().nodes.map(nodeState))).toEqual(before);
    await cluster().nodes[2]?.script(`chmod 0600 ${key}`);
  });

  test('renews one node by force, as it was planned: a new key, one restart, the new engine added before the old one goes', async () => {
    const { nodes, master } = cluster();
    const pids = await Promise.all(nodes.map(dockerPid));
    const old = (await rows(master)).find(({ engine }) => engine.id === 'node2');
    await forgetRequests(master);
    const run = await apply(lab, cluster(), { ...cli, ca, 'force-renew': 'node2', 'plan-digest': digest });
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ reasons }) => reasons)).toEqual([[], ['forced'], []]);
    expect(await writes(master)).toEqual(['POST /api/engines', `DELETE /api/engines/${old?.id ?? ''}`]);
    const after = await Promise.all(nodes.map(dockerPid));
    expect(after.map((pid, index) => pid === pids[index])).toEqual([true, false, true]);
    const renewed = (await rows(master)).filter(({ engine }) => engine.id === 'node2');
    expect(renewed).toHaveLength(1);
    expect(renewed[0]?.ssl_key).not.toBe(old?.ssl_key);
    expect(json(run, 'engines').map(({ health }) => health)).toEqual(['up', 'up', 'up']);
  });

  test('two runs at once over disjoint nodes do not disturb each other, nor the list of engines', async () => {
    const before = await rows(cluster().master);
    const renew = (only: string) => apply(lab, cluster(), { ...cli, ca, only, 'force-renew': only });
    const halves = await Promise.all([renew('node1'), renew('node2 node3')]);
    for (const { log, exitCode } of halves) if (exitCode !== 0) throw new Error(log);
    const after = await rows(cluster().master);
    expect(after.map(({ engine }) => engine.id).sort()).toEqual(['node1', 'node2', 'node3']);
    expect(after.filter(({ ssl_key }) => before.some((row) => row.ssl_key === ssl_key))).toEqual([]);
    expect((await apply(lab, cluster(), { ...cli, ca })).outputs['changed']).toBe('false');
  });
});
