import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readInputs } from '../../src/inputs/read-inputs.ts';
import { messageOf } from '../../src/errors.ts';
import { privateKey, type Inputs } from '../support/inputs.ts';

const action = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
};
const defaults = Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
  value === undefined ? [] : [[name, value] as const],
);

const APPLY: Inputs = {
  nodes: 'node1=10.0.0.11',
  'ssh-private-key': privateKey,
  ca: 'bundle',
  'ca-passphrase': 'a passphrase of the CA',
  'shipyard-url': 'http://localhost:8080',
  'shipyard-password': 'x',
};
/** What is asked for, so that each default has a say in one of them. */
const WISHES: Readonly<Record<string, { readonly inputs: Inputs; readonly event?: string }>> = {
  apply: { inputs: APPLY },
  'apply that stores the CA': { inputs: { ...APPLY, 'save-ca': 'secret', 'github-token': 'token' } },
  'apply without a CA': { inputs: { ...APPLY, ca: '' } },
  'apply with a Shipyard elsewhere': { inputs: { ...APPLY, 'shipyard-url': 'http://10.0.0.10:8080' } },
  check: { inputs: { command: 'check', nodes: 'node1=10.0.0.11' } },
  'a run that a stranger began': { inputs: APPLY, event: 'issue_comment' },
};
/** Of each input a value that is not its default. */
const OTHERS: Inputs = {
  command: 'status',
  'allow-untrusted-events': 'true',
  'create-ca': 'true',
  'ca-common-name': 'Other CA',
  'ca-organization': 'others',
  'save-ca': 'secret',
  'ca-secret-name': 'OTHER_CA',
  'key-algorithm': 'rsa-3072',
  'cert-days': '90',
  'ca-days': '3000',
  'renew-before': '30',
  compromised: 'true',
  'warn-before': '20',
  'fail-before': '5',
  'max-unavailable': '2',
  canary: '0',
  'on-failure': 'continue',
  'allow-container-restart': 'true',
  concurrency: '5',
  'rollback-timeout': '4m',
  timeout: '40m',
  'connect-timeout': '10s',
  'command-timeout': '1m',
  firewall: 'auto',
  'shipyard-username': 'other',
  'shipyard-deploy': 'true',
  'shipyard-mode': 'api',
  'incompatible-engines': 'warn',
  prune: 'true',
  'allow-plain-http': 'true',
};

test.each(defaults)('action.yml declares of %s what an empty input means: %s', (name, value) => {
  for (const wish of Object.keys(WISHES)) expect(outcome(wish, { [name]: value })).toEqual(outcome(wish, {}));
});

test('the defaults mean together what they mean one by one', () => {
  for (const wish of Object.keys(WISHES))
    expect(outcome(wish, Object.fromEntries(defaults))).toEqual(outcome(wish, {}));
});

test.each(defaults)('another value of %s than %s would be seen', (name) => {
  const seen = Object.keys(WISHES).filter((wish) => {
    const other = JSON.stringify(outcome(wish, { [name]: OTHERS[name] ?? '' }));
    return other !== JSON.stringify(outcome(wish, {}));
  });
  expect(seen).not.toEqual([]);
});

/** The request that comes of a wish with these inputs besides, or why there is none. The wish has the last word. */
function outcome(wish: string, more: Inputs): unknown {
  const { inputs = {}, event = '' } = WISHES[wish] ?? {};
  const given = { ...more, ...inputs };
  try {
    const request = readInputs({ input: (name) => given[name] ?? '', readFile: () => undefined }, event);
    // How hosts are reached has no default, and its known hosts are functions.
    return Object.fromEntries(Object.entries(request).filter(([name]) => name !== 'ssh'));
  } catch (error) {
    return messageOf(error);
  }
}
