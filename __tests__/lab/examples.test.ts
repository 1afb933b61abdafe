import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import type { LabNode } from '../../lab/node.ts';
import { knownHosts } from '../../lab/ssh-client.ts';
import { privateKeyOf } from '../../lab/ssh-identity.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { startSecretsServer, type SecretsServer } from '../support/github-secrets.ts';
import { json } from './support/apply.ts';
import { servedBy } from './support/engine-port.ts';
import { ExampleRepository, type Settings } from './support/example.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { rows } from './support/shipyard-rows.ts';
import { expireServed } from './support/expired-set.ts';

const TOKEN = 'github_pat_of_the_lab';
const passphrase = 'a passphrase of the lab';
const password = 'a new pa$$word';

/**
 * Every example of .github/workflows as it stands there, in the order in which a cluster lives. GitHub is this test: it
 * evaluates the expressions, keeps the secrets and runs the steps.
 */
describeLab('the example workflows', (lab) => {
  const cluster = useCluster(lab, 2);
  let github: SecretsServer;
  let repository: ExampleRepository;
  let vars: Readonly<Record<string, string>>;

  const node = (index: number): LabNode => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  const ca = () => github.secrets.get('/lab/cluster/actions/secrets/CA') ?? '';
  const settings = (): Settings => ({
    secrets: {
      SSH_PRIVATE_KEY: privateKeyOf(lab.identity),
      CA: ca(),
      CA_PASSPHRASE: passphrase,
      SECRETS_TOKEN: TOKEN,
      SHIPYARD_PASSWORD: password,
    },
    vars,
    env: {
      GITHUB_API_URL: github.url,
      ...(lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost }),
    },
  });
  const run = async (name: string, inputs: Readonly<Record<string, string>> = {}) => {
    const runs = await repository.run(name, settings(), inputs);
    for (const { log, exitCode } of runs) if (exitCode !== 0) throw new Error(log);
    return runs;
  };
  const results = (done: ActionRun | undefined) =>
    done === undefined
      ? []
      : json(done, 'nodes').map(({ name, action }) => `${String(name)} ${String(action)}`);
  const registered = async () =>
    (await rows(cluster().master, password)).map(({ engine }) => engine.id).sort();

  beforeAll(async () => {
    github = await startSecretsServer(TOKEN);
    repository = new ExampleRepository(`# Ours.\n${inventory([node(0)])}`);
    const { master } = cluster();
    vars = { KNOWN_HOSTS: knownHosts([master]), SHIPYARD_MASTER: `root@${master.address}:22` };
  });
  afterAll(async () => {
    repository.remove();
    await github.close();
  });

  test('init.yml makes the CA and keeps it in the secret', async () => {
    const [init] = await run('init');
    expect(ca()).toMatch(/^[A-Za-z0-9+/]+=*$/);
    vars = { ...vars, CA_CERTIFICATE: init?.outputs['ca-certificate'] ?? '' };
  });

  test('plan.yml shows what is to come, hands its digest to the other job, and that does it', async () => {
    const [plan, applied] = await run('plan');
    expect(plan?.heldBack).not.toContain('plan-digest');
    expect(plan?.outputs['plan-digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(results(applied)).toEqual(['node1 changed']);
    expect(await registered()).toEqual(['node1']);
  });

  test('add-node.yml writes a node into the inventory, pushes it, and sets up that one', async () => {
    const key = node(1).hostKeys.find((line) => line.startsWith('ssh-ed25519')) ?? '';
    const inputs = { name: 'node2', host: node(1).address, 'host-key': key, labels: 'blue, ssd' };
    const [written, applied] = await run('add-node', inputs);
    expect(written?.outputs['changed']).toBe('true');
    expect(results(applied)).toEqual(['node2 changed']);
    expect(repository.pushed()).toMatch(/^# Ours\.\n[^]*name: node2\n/m);
    expect(await registered()).toEqual(['node1', 'node2']);
    const row = (await rows(cluster().master, password)).find(({ engine }) => engine.id === 'node2');
    expect(row?.engine.labels).toEqual(['blue', 'ssd']);
  });

  test('renew.yml has nothing to do, and renews what has expired', async () => {
    const [quiet] = await run('renew');
    expect(results(quiet)).toEqual(['node1 unchanged', 'node2 unchanged']);
    await expireServed(node(1), ca(), passphrase);
    const [renewed] = await run('renew');
    expect(results(renewed)).toEqual(['node1 unchanged', 'node2 changed']);
  });

  test('check.yml reads what the nodes serve, without a secret', async () => {
    const [check] = await run('check');
    expect(results(check)).toEqual(['node1 valid', 'node2 valid']);
  });

  test('rotate-ca.yml replaces the CA everywhere, the secret included', async () => {
    const former = { ca: ca(), served: await Promise.all(cluster().nodes.map(servedBy)) };
    const [rotated] = await run('rotate-ca', { compromised: 'false' });
    expect(results(rotated)).toEqual(['node1 changed', 'node2 changed']);
    expect(ca()).not.toBe(former.ca);
    const [again] = await run('renew');
    expect(again?.outputs['changed']).toBe('false');
    const served = await Promise.all(cluster().nodes.map(servedBy));
    expect(served.some((certificate) => former.served.includes(certificate))).toBe(false);
  });

  test('remove-node.yml gives one back', async () => {
    const [removed] = await run('remove-node', { name: 'node2' });
    expect(results(removed)).toEqual(['node2 removed']);
    expect(await registered()).toEqual(['node1']);
    expect(await node(1).script('ls /etc/docker')).not.toContain('shipyard-cluster');
  });
});
