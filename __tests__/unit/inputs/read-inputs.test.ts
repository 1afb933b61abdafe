import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { readInputs } from '../../../src/inputs/read-inputs.ts';
import { inputError, privateKey, problems, request } from '../../support/inputs.ts';

test('the least inputs make a request with every default', () => {
  const { ssh, authority, nodes, ...rest } = request();
  expect(nodes.map(({ name }) => name)).toEqual(['node1', 'node2']);
  expect(ssh.privateKeys.map((key) => key.reveal())).toEqual([privateKey]);
  expect(ssh.passphrase).toBeUndefined();
  expect(ssh.knownHosts.keysFor('10.0.0.11', 22)).toEqual({ trusted: [], revoked: [] });
  expect(authority.kind).toBe('bundle');
  expect(rest).toEqual({
    command: 'apply',
    firewall: { kind: 'none' },
    incompatibleEngines: 'fail',
    replaceCa: [],
    prune: false,
    saveCa: { kind: 'output' },
    compromised: false,
    certificates: {
      keyAlgorithm: 'ecdsa-p256',
      certDays: 180,
      caDays: 3650,
      caCommonName: 'Docker TLS CA',
      caOrganization: 'shipyard-cluster',
      renewBefore: { percent: 40 },
      forceRenew: 'none',
    },
    rollout: {
      only: 'all',
      maxUnavailable: { count: 1 },
      canary: 1,
      onFailure: 'stop',
      concurrency: 10,
      allowContainerRestart: false,
      rollbackTimeoutSeconds: 180,
      timeoutSeconds: 1800,
      connectTimeoutSeconds: 20,
      commandTimeoutSeconds: 120,
    },
  });
});

test('the default is to apply, and an unknown command is an error', () => {
  expect(request({ command: '' }).command).toBe('apply');
  expect(problems({ command: 'aply' })).toEqual(['command: "aply" is not known']);
  expect(inputError({ command: 'aply' }).hint).toBe(
    'command: did you mean "apply"? known are: apply, init-ca, plan, status, rotate-ca, remove, check, scan-host-keys, add-node',
  );
});

test('of an unknown command only the inventory is checked: nobody knows what else it needs', () => {
  expect(problems({ command: 'scan', nodes: '- a', 'ssh-private-key': '' })).toEqual([
    'command: "scan" is not known',
    'nodes: line 1, column 3: nodes[0]: is not a mapping',
  ]);
});

test('the inventory comes from a file or from the input', () => {
  const names = (inputs: Record<string, string>, files = {}) =>
    request(inputs, files).nodes.map(({ name }) => name);
  expect(names({ nodes: 'a=b' })).toEqual(['a']);
  expect(names({ nodes: '', 'nodes-file': 'nodes.yml' }, { 'nodes.yml': '- {name: a, host: b}' })).toEqual([
    'a',
  ]);
});

test.each([
  [{ nodes: '' }, 'nodes: is empty, and so is nodes-file: there are no nodes'],
  [{ 'nodes-file': 'nodes.yml' }, 'nodes-file: is given beside nodes'],
  [{ nodes: '', 'nodes-file': 'nods.yml' }, 'nodes-file: there is no file "nods.yml" in the workspace'],
  [{ nodes: '', 'nodes-file': 'a=b\nc=d' }, 'nodes-file: is a text of several lines, not a path'],
  [{ nodes: '', 'nodes-file': 'nodes.yml' }, 'nodes-file: line 1, column 3: nodes[0]: is not a mapping'],
  [{ nodes: '- a' }, 'nodes: line 1, column 3: nodes[0]: is not a mapping'],
])('an inventory that cannot be had is an error: %j', (inputs, message) => {
  expect(problems(inputs, { 'nodes.yml': '- a' })).toEqual([message]);
});

test('where a file is missing, the error asks for the checkout', () => {
  expect(inputError({ nodes: '', 'nodes-file': 'nodes.yml' }).hint).toBe(
    'nodes-file: did actions/checkout run before this step? the path is relative to the root of the repository',
  );
});

test('the SSH inputs are passed on, each broken line of known_hosts is named', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO28rRcqXlyPM+JKSaRtD8mbPwtUGFqjnRwhNadq9cL/';
  const { ssh } = request({ 'ssh-passphrase': 'words', 'ssh-known-hosts': `10.0.0.11 ${key}` });
  expect(ssh.passphrase?.reveal()).toBe('words');
  expect(ssh.knownHosts.keysFor('10.0.0.11', 22).trusted).toHaveLength(1);
  expect(problems({ 'ssh-known-hosts': `a ${key}\nb\n@cert-authority c ${key}` })).toEqual([
    'ssh-known-hosts: line 2: is not of the form "host type base64"',
    'ssh-known-hosts: line 3: @cert-authority is not supported: host certificates cannot be verified here',
  ]);
});

test('an empty secret says why it may be empty, and how to give it', () => {
  const error = inputError({ 'ssh-private-key': '', 'ca-passphrase': '' });
  expect(error.message).toBe(
    [
      'ssh-private-key: is empty, but command apply needs it: the secret may be missing, misspelt or not available to this event (pull requests from forks, Dependabot)',
      'ca-passphrase: is empty, but command apply needs it: the secret may be missing, misspelt or not available to this event (pull requests from forks, Dependabot)',
    ].join('\n'),
  );
  expect(error.hint).toBe(
    [
      "ssh-private-key: set ssh-private-key: ${{ secrets.SSH_PRIVATE_KEY }} and store a secret of that name for the repository or the job's environment",
      "ca-passphrase: set ca-passphrase: ${{ secrets.CA_PASSPHRASE }} and store a secret of that name for the repository or the job's environment",
    ].join('\n'),
  );
});

test('all that is wrong is told at once', () => {
  expect(
    problems({
      nodes: '- {name: a, host: b, prot: 22}',
      'ssh-private-key': '',
      'ssh-known-hosts': 'x',
      ca: '',
      'create-ca': 'yes',
      'cert-days': '9999',
      'key-algorithm': 'rsa-4096',
      'on-failure': 'retry',
      timeout: 'never',
      'shipyard-url': 'shipyard:8080',
      'allow-plain-http': '1',
    }).map((problem) => problem.split(':', 1)[0]),
  ).toEqual([
    'nodes',
    'ssh-private-key',
    'ssh-known-hosts',
    'on-failure',
    'timeout',
    'shipyard-url',
    'allow-plain-http',
    'shipyard-password',
    'create-ca',
    'key-algorithm',
    'cert-days',
  ]);
});

test('no secret is seen in a request that is printed', () => {
  const printed = inspect(
    request({
      'ssh-passphrase': 'PLANTED-2',
      ca: 'PLANTED-3',
      'ca-passphrase': 'PLANTED-4',
      'shipyard-url': 'https://a',
      'shipyard-password': 'PLANTED-5',
    }),
    { depth: 9 },
  );
  expect(printed).not.toContain(privateKey.split('\n')[2]);
  expect(printed).toContain('***');
  expect(printed).not.toContain('PLANTED');
});

describe('an event that has the secrets for what a stranger wrote', () => {
  const inputs: Readonly<Record<string, string>> = { command: 'scan-host-keys', nodes: 'node1=10.0.0.11' };
  const read = (event: string, allowed = '') =>
    readInputs(
      {
        input: (name) => (name === 'allow-untrusted-events' ? allowed : (inputs[name] ?? '')),
        readFile: () => undefined,
      },
      event,
    );

  test.each(['pull_request_target', 'issue_comment'])('is refused: %s', (event) => {
    expect(() => read(event)).toThrow(
      `allow-untrusted-events: is false, and the event ${event} runs with the secrets`,
    );
    expect(read(event, 'true').command).toBe('scan-host-keys');
  });

  test.each(['push', 'schedule', 'workflow_dispatch', 'pull_request', ''])('and no other: %s', (event) => {
    expect(read(event).command).toBe('scan-host-keys');
  });
});

test('rotate-ca takes what apply takes, but no CA that is made or imported', () => {
  expect(request({ command: 'rotate-ca', compromised: 'true' })).toMatchObject({
    command: 'rotate-ca',
    compromised: true,
    authority: { kind: 'bundle' },
  });
  for (const source of [{ 'create-ca': 'true' }, { 'ca-certificate': 'CERTIFICATE', 'ca-key': 'KEY' }])
    expect(problems({ command: 'rotate-ca', ca: '', ...source })).toEqual([
      'ca: is empty, but command rotate-ca adds a generation to the CA that it holds',
    ]);
});
