import { expect, test } from '@jest/globals';
import type { ScanRequest } from '../../../src/inputs/request.ts';
import type { SshHop } from '../../../src/ssh/route.ts';
import { privateKey, problems, scanRequest } from '../../support/inputs.ts';

const nodes = 'node1=10.0.0.11\nnode2=deploy@10.0.0.12:2222\n';

test('the nodes and the master are scanned, without any secret', () => {
  const request = scanRequest({ nodes, 'shipyard-master': 'root@10.0.0.10' });
  expect(request).toMatchObject({ ssh: undefined, concurrency: 10, connectTimeoutSeconds: 20 });
  expect(ways(request)).toEqual([
    'node1: 10.0.0.11:22',
    'node2: 10.0.0.12:2222',
    'shipyard-master: 10.0.0.10:22',
  ]);
});

test('jump hosts are scanned as well, each through those before it, and take the key that is given', () => {
  const inventory = '[{name: node1, host: 10.0.0.11}, {name: node2, host: 10.0.0.12, jump: none}]';
  const inputs = { nodes: inventory, 'ssh-jump': '10.0.0.1, deploy@10.0.0.2:2222' };
  expect(ways(scanRequest({ ...inputs, 'shipyard-master': '10.0.0.2:2222' }))).toEqual([
    'node1: 10.0.0.1:22 10.0.0.2:2222 10.0.0.11:22',
    'node2: 10.0.0.12:22',
    'shipyard-master: 10.0.0.1:22 10.0.0.2:2222',
    'jump host 10.0.0.1: 10.0.0.1:22',
  ]);
  expect(scanRequest(inputs).ssh).toBeUndefined();
  expect(scanRequest({ ...inputs, 'ssh-private-key': privateKey }).ssh?.privateKeys).toHaveLength(1);
  expect(scanRequest({ nodes, 'ssh-private-key': privateKey }).ssh).toBeUndefined();
});

test('one server is scanned once, and only what is asked for', () => {
  const names = (inputs: Record<string, string>) =>
    scanRequest({ nodes, ...inputs }).hosts.map(({ name }) => name);
  expect(names({ 'shipyard-master': 'deploy@10.0.0.11:22' })).toEqual(['node1', 'node2']);
  expect(names({ 'shipyard-master': '10.0.0.11:2222' })).toEqual(['node1', 'node2', 'shipyard-master']);
  expect(names({ only: 'node2' })).toEqual(['node2']);
});

test('what is wrong is told at once, and what the command does not take is not looked at', () => {
  const inputs = { command: 'scan-host-keys', only: 'web', 'connect-timeout': '0', 'shipyard-master': 'a b' };
  expect(problems({ ...inputs, 'cert-days': '9999', 'ssh-private-key': '' })).toEqual([
    'only: no node of the inventory fits "web"',
    'connect-timeout: must be a time from 1s to 10m, not "0"',
    'shipyard-master: is not of the form user@host:port',
  ]);
});

/** `name: jump… host` for each host. */
function ways({ hosts }: ScanRequest): readonly string[] {
  const text = ({ address: { host, port } }: SshHop): string => `${host}:${port}`;
  return hosts.map(({ name, route }) => `${name}: ${[...route.jumps, route].map(text).join(' ')}`);
}
