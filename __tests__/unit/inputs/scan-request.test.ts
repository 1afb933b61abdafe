import { expect, test } from '@jest/globals';
import { problems, scanRequest } from '../../support/inputs.ts';

const nodes = 'node1=10.0.0.11\nnode2=deploy@10.0.0.12:2222\n';

test('the nodes and the master are scanned, without any secret', () => {
  expect(scanRequest({ nodes, 'shipyard-master': 'root@10.0.0.10' })).toEqual({
    command: 'scan-host-keys',
    hosts: [
      { name: 'node1', address: { user: 'root', host: '10.0.0.11', port: 22 } },
      { name: 'node2', address: { user: 'deploy', host: '10.0.0.12', port: 2222 } },
      { name: 'shipyard-master', address: { user: 'root', host: '10.0.0.10', port: 22 } },
    ],
    concurrency: 10,
    connectTimeoutSeconds: 20,
  });
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
