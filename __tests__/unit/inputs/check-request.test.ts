import { beforeAll, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../../src/inputs/request.ts';
import { newAuthority, nodeSpec, serverFor } from '../../support/fakes.ts';
import { privateKey, problems, readRequest } from '../../support/inputs.ts';

const nodes = 'node1=10.0.0.11\nnode2=10.0.0.12\n';
let ca: string;
let leaf: string;

beforeAll(async () => {
  const authority = await newAuthority();
  ca = authority.generations[0].certificate.pem;
  leaf = (await serverFor(nodeSpec(), authority)).certificate.pem;
});

test('the nodes alone are enough', () => {
  const { nodes: asked, ...rest } = checkRequest({ nodes });
  expect(asked.map(({ name }) => name)).toEqual(['node1', 'node2']);
  expect(rest).toEqual({
    command: 'check',
    policy: { warnBeforeDays: 30, failBeforeDays: 7 },
    concurrency: 10,
    connectTimeoutSeconds: 20,
  });
});

test('whatever is at hand is taken: a key, the authority, Shipyard; and only the asked nodes', () => {
  const request = checkRequest({
    ...{ nodes, only: 'node2', 'ssh-private-key': privateKey, 'ca-certificate': ca + ca },
    ...{ 'shipyard-master': '10.0.0.10', 'shipyard-password': 'x' },
  });
  expect(request.nodes.map(({ name }) => name)).toEqual(['node2']);
  expect(request.ssh?.privateKeys).toHaveLength(1);
  expect(request.policy.trusted).toHaveLength(2);
  expect(request.shipyard?.master).toMatchObject({ host: '10.0.0.10' });
});

test('what is wrong is told at once', () => {
  const given = { command: 'check', 'ssh-private-key': '', ca: '', 'ca-passphrase': '' };
  expect(problems({ ...given, 'warn-before': '3d', 'fail-before': '-1', 'ca-certificate': 'x' })).toEqual([
    'warn-before: must be a whole number from 0 to 825, not "3d"',
    'fail-before: must be a whole number from 0 to 825, not "-1"',
    'ca-certificate: is no PEM text of certificates that can be read',
  ]);
  expect(problems({ ...given, 'warn-before': '7', 'fail-before': '8', 'ca-certificate': leaf })).toEqual([
    'ca-certificate: has a certificate that is not of a CA',
    'fail-before: 8 days are more than the 7 of warn-before: the run would fail before it warns',
  ]);
  expect(problems({ ...given, 'shipyard-master': '10.0.0.10', 'shipyard-password': 'x' })).toEqual([
    expect.stringMatching(/^ssh-private-key: is empty, but shipyard-master is reached over SSH/),
  ]);
});

function checkRequest(inputs: Readonly<Record<string, string>>): CheckRequest {
  const read = readRequest({ command: 'check', ...inputs });
  if (read.command !== 'check') throw new Error('this is not a request to check');
  return read;
}
