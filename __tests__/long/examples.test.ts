import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import type { LabNode } from '../../lab/node.ts';
import { knownHosts } from '../../lab/ssh-client.ts';
import { privateKeyOf } from '../../lab/ssh-identity.ts';
import { runAction, type ActionRun } from '../../lab/runner.ts';
import { ExampleRepository, type Settings } from '../support/example-repository.ts';
import { exampleText, uncommented } from '../support/example-workflow.ts';
import { startSecretsServer, type SecretsServer } from '../support/github-secrets.ts';
import { json } from '../lab/support/apply.ts';
import { servedBy } from '../lab/support/engine-port.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { rows } from '../lab/support/shipyard-rows.ts';
import { expireServed } from '../lab/support/expired-set.ts';

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
  let repository: ExampleRepository<ActionRun>;
  let vars: Readonly<Record<string, string>>;

  const node = (index: number): LabNode => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  const ca = () => github.secrets.get('/lab/cluster/environments/cluster/secrets/CA') ?? '';
  const known = () => repository.variable('CA_CERTIFICATE');
  const settings = (): Settings => ({
    secrets: {},
    environments: {
      cluster: {
        SSH_PRIVATE_KEY: privateKeyOf(lab.identity),
        CA: ca(),
        CA_PASSPHRASE: passphrase,
        SECRETS_TOKEN: TOKEN,
        SHIPYARD_PASSWORD: password,
      },
    },
    vars: { ...vars, CA_CERTIFICATE: known()?.value ?? '' },
    env: {
      GITHUB_API_URL: github.url,
      ...(lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost }),
    },
  });
  const run = async (name: string, inputs: Readonly<Record<string, string>> = {}) =>
    runText(exampleText(name), inputs);
  const runText = async (text: string, inputs: Readonly<Record<string, string>> = {}) => {
    const runs = await repository.run(text, settings(), inputs);
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
    repository = new ExampleRepository(`# Ours.\n${inventory([node(0)])}`, runAction);
    const { master } = cluster();
    vars = { KNOWN_HOSTS: knownHosts([master]), SHIPYARD_MASTER: `root@${master.address}:22` };
  });
  afterAll(async () => {
    repository.remove();
    await github.close();
  });

  test('init.yml makes the CA, keeps it in the secret, and its certificate in the variable', async () => {
    const [init] = await run('init');
    expect(ca()).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(known()).toEqual({ value: init?.outputs['ca-certificate'], token: TOKEN });
    expect(known()?.value).toContain('BEGIN CERTIFICATE');
  });

  test('plan.yml shows what is to come, hands its digest to the other job, and that does it', async () => {
    const [plan, applied] = await run('plan');
    expect(plan?.heldBack).not.toContain('plan-digest');
    expect(plan?.outputs['plan-digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(results(applied)).toEqual(['node1 changed']);
    // Nothing has replaced it so far, and so it is a part of what was approved.
    expect(plan?.outputs['plan']).toContain('"steps":["replace-password"]');
    expect(applied?.log).toContain('still had the published password');
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

  test('renew.yml renews what has expired, and nothing else', async () => {
    await expireServed(node(1), ca(), passphrase);
    const [renewed] = await run('renew');
    expect(results(renewed)).toEqual(['node1 unchanged', 'node2 changed']);
    expect(renewed?.log).not.toContain('GitHub stops the schedules');
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
    expect(known()?.value).toBe(rotated?.outputs['ca-certificate']);
    const served = await Promise.all(cluster().nodes.map(servedBy));
    expect(served.some((certificate) => former.served.includes(certificate))).toBe(false);
  });

  test('check.yml goes by the new CA, and sees behind a firewall too, with the lines that it says', async () => {
    await node(0).script(
      'nft "add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c iif != lo tcp dport 2376 reject with tcp reset"',
    );
    const [seen] = await runText(uncommented(exampleText('check')));
    await node(0).script('nft delete table inet t');
    expect(results(seen)).toEqual(['node1 valid', 'node2 valid']);
  });

  test('plan.yml goes by the new CA, and there is nothing left to do', async () => {
    const [plan, applied] = await run('plan');
    expect(plan && json(plan, 'plan').map(({ action }) => action)).toEqual(['keep', 'keep']);
    expect(results(applied)).toEqual(['node1 unchanged', 'node2 unchanged']);
    expect(applied?.outputs['changed']).toBe('false');
  });

  test('remove-node.yml gives one back', async () => {
    const [removed] = await run('remove-node', { name: 'node2' });
    expect(results(removed)).toEqual(['node2 removed']);
    expect(await registered()).toEqual(['node1']);
    expect(await node(1).script('ls /etc/docker')).not.toContain('shipyard-cluster');
  });
});
