import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ActionOptions } from '../../lab/runner.ts';
import { ExampleRepository, type Acted, type Settings } from '../support/example-repository.ts';
import { exampleText, uncommented } from '../support/example-workflow.ts';

const INVENTORY = '# Ours.\nnodes:\n  - name: node1\n    host: 10.0.0.11\n';
const NODE4 = { name: 'node4', host: '10.0.0.14', 'host-key': 'ssh-ed25519 AAAA', labels: 'blue, ssd' };
const settings: Settings = {
  secrets: {},
  environments: {
    cluster: { SSH_PRIVATE_KEY: 'the key', CA: 'the bundle', CA_PASSPHRASE: 'x', SECRETS_TOKEN: 'token' },
  },
  vars: { KNOWN_HOSTS: '10.0.0.11 ssh-ed25519 AAAA', CA_CERTIFICATE: 'a certificate' },
  env: {},
};

let repository: ExampleRepository<Acted>;
/** What each step of the action was given. */
let steps: ActionOptions['inputs'][];
/** What happens while a step of the action runs, and what comes of it. */
let during: (command: string | undefined) => Partial<Acted> | undefined;

beforeEach(() => {
  steps = [];
  during = () => undefined;
  repository = new ExampleRepository(INVENTORY, act);
});
afterEach(() => {
  repository.remove();
});

describe('add-node.yml', () => {
  test('pushes the entry before it sets the node up, and nothing that somebody types reaches the shell', async () => {
    const name = '$(touch pwned)`touch pwned`"; touch pwned; \'';
    await repository.run(exampleText('add-node'), settings, { ...NODE4, name });
    expect(commands()).toEqual(['add-node', 'apply']);
    expect(JSON.parse(steps[0]?.['node'] ?? '')).toEqual({
      ...{ name, host: '10.0.0.14', 'host-keys': 'ssh-ed25519 AAAA', labels: ['blue', 'ssd'] },
    });
    expect(steps[1]).toMatchObject({ only: name });
    expect(repository.pushed()).toBe(`${INVENTORY}  - ${steps[0]?.['node'] ?? ''}\n`);
    expect(repository.pushedFiles()).toEqual(['nodes.yml']);
    expect(repository.pushedMessage()).toBe(`Add ${name} to the inventory`);
  });

  test.each(['', ' , ,'])('names no labels where none are typed: %j', async (labels) => {
    await repository.run(exampleText('add-node'), settings, { ...NODE4, labels });
    expect(JSON.parse(steps[0]?.['node'] ?? '')).toEqual({
      ...{ name: 'node4', host: '10.0.0.14', 'host-keys': 'ssh-ed25519 AAAA' },
    });
  });

  test('stops after three pushes that are refused, and touches no node', async () => {
    const refused = repository.refusePushes();
    await expect(repository.run(exampleText('add-node'), settings, NODE4)).rejects.toThrow(
      'pre-receive hook declined',
    );
    expect(refused()).toBe(3);
    expect(commands()).toEqual(['add-node']);
    expect(repository.pushed()).toBe(INVENTORY);
  });

  test('puts its commit on top of what somebody else has pushed meanwhile', async () => {
    during = (command) => {
      if (command === 'add-node') repository.pushElsewhere('README.md', 'Theirs.\n');
      return undefined;
    };
    await repository.run(exampleText('add-node'), settings, NODE4);
    expect(commands()).toEqual(['add-node', 'apply']);
    expect(repository.pushed()).toContain('node4');
    expect(repository.pushed('README.md')).toBe('Theirs.\n');
  });

  test('stops where somebody else has added a node at the same place', async () => {
    const theirs = `${INVENTORY}  - name: node5\n    host: 10.0.0.15\n`;
    during = (command) => {
      if (command === 'add-node') repository.pushElsewhere('nodes.yml', theirs);
      return undefined;
    };
    await expect(repository.run(exampleText('add-node'), settings, NODE4)).rejects.toThrow('could not apply');
    expect(commands()).toEqual(['add-node']);
    expect(repository.pushed()).toBe(theirs);
  });

  test('pushes nothing where the entry is there already, and goes on', async () => {
    repository.refusePushes();
    during = () => ({ workspace: { 'nodes.yml': INVENTORY } });
    await repository.run(exampleText('add-node'), settings, NODE4);
    expect(commands()).toEqual(['add-node', 'apply']);
  });
});

describe('check.yml', () => {
  test('needs no secret, and sees none', async () => {
    await repository.run(exampleText('check'), settings);
    expect(steps[0]).not.toHaveProperty('ssh-private-key');
    expect(steps[0]).toMatchObject({ 'ca-certificate': 'a certificate' });
  });

  test('has the key with the lines that are commented out, the environment among them', async () => {
    const text = uncommented(exampleText('check'));
    await repository.run(text, settings);
    await repository.run(text.replace('environment: cluster\n', '\n'), settings);
    expect(steps).toMatchObject([
      { 'ssh-private-key': 'the key', 'ssh-known-hosts': settings.vars['KNOWN_HOSTS'] },
      { 'ssh-private-key': '' },
    ]);
  });
});

describe('the variable CA_CERTIFICATE', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nnew\n-----END CERTIFICATE-----\n';

  test.each(['init', 'rotate-ca', 'renew'])('is set by %s.yml', async (name) => {
    during = () => ({ outputs: { 'ca-certificate': certificate } });
    await repository.run(exampleText(name), settings);
    expect(repository.variable('CA_CERTIFICATE')).toEqual({ value: certificate, token: 'token' });
  });

  test.each(['rotate-ca', 'renew'])('is set by %s.yml also where some node failed', async (name) => {
    during = () => ({ exitCode: 1, outputs: { 'ca-certificate': certificate } });
    await repository.run(exampleText(name), settings);
    expect(repository.variable('CA_CERTIFICATE')?.value).toBe(certificate);
  });

  test.each(['init', 'rotate-ca', 'renew'])(
    'stays as it is where %s.yml could begin nothing',
    async (name) => {
      during = () => ({ exitCode: 1 });
      await repository.run(exampleText(name), settings);
      expect(repository.variable('CA_CERTIFICATE')).toBeUndefined();
    },
  );

  test('is left alone by a renewal while the CA is the same', async () => {
    during = () => ({ outputs: { 'ca-certificate': 'a certificate\n' } });
    await repository.run(exampleText('renew'), settings);
    expect(repository.variable('CA_CERTIFICATE')).toBeUndefined();
  });
});

test('plan.yml plans with the CA that is in use, and hands its digest on', async () => {
  during = (command) => (command === 'plan' ? { outputs: { 'plan-digest': 'abc' } } : undefined);
  await repository.run(exampleText('plan'), settings);
  expect(steps).toMatchObject([
    { command: 'plan', ca: 'the bundle' },
    { command: 'apply', ca: 'the bundle', 'plan-digest': 'abc' },
  ]);
  expect(steps[0]).not.toHaveProperty('ca-passphrase');
});

function commands(): readonly (string | undefined)[] {
  return steps.map(({ command }) => command);
}

/** The action without a cluster: of all that it does only the writing of an entry. */
function act({ inputs, files = {} }: ActionOptions): Promise<Acted> {
  steps.push(inputs);
  const { 'nodes.yml': text = '' } = files;
  const entry = inputs['command'] === 'add-node' ? inputs['node'] : undefined;
  const written = entry === undefined ? text : `${text}  - ${entry}\n`;
  return Promise.resolve({
    ...{ exitCode: 0, outputs: {}, workspace: { 'nodes.yml': written } },
    ...during(inputs['command']),
  });
}
