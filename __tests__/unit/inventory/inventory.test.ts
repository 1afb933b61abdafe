import { describe, expect, test } from '@jest/globals';
import { parseInventory } from '../../../src/inventory/inventory.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO28rRcqXlyPM+JKSaRtD8mbPwtUGFqjnRwhNadq9cL/';
const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIuaDkQ0z11FNS89OeWgos9asrAfFGnDFfFV7vX2uF14';

/** The nodes of a sound inventory. */
function nodes(text: string) {
  const { nodes, problems } = parseInventory(text);
  expect(problems).toEqual([]);
  return nodes;
}

test('a node of a name and a host has every default', () => {
  expect(nodes('- name: node1\n  host: 10.0.0.11\n')).toEqual([
    {
      name: 'node1',
      rank: 0,
      ssh: { user: 'root', host: '10.0.0.11', port: 22 },
      hostKeys: [],
      address: '10.0.0.11',
      enginePort: 2376,
      sans: [],
      labels: ['node1'],
    },
  ]);
});

test('a node can say everything', () => {
  const text = `
nodes:
  - name: Node.1_a-b
    host: SSH.example.com
    port: "2222"
    user: deploy
    host-keys: [${ED25519} root@node1, ${OTHER}]
    address: Engine.example.com
    engine-port: 12376
    listen: 2001:DB8::0:1
    sans: [10.0.0.11, Bücher.example, engine.example.com, 10.0.0.11]
    labels: [ssd, no, 1.10, 0755, "null", rack 7]
    cpus: 0.5
    memory: 8192
`;
  const [node] = nodes(text);
  expect(node?.hostKeys.map(({ type, blob }) => `${type} ${blob.toString('base64')}`)).toEqual([
    ED25519,
    OTHER,
  ]);
  expect({ ...node, hostKeys: [] }).toEqual({
    name: 'Node.1_a-b',
    rank: 0,
    ssh: { user: 'deploy', host: 'ssh.example.com', port: 2222 },
    hostKeys: [],
    address: 'engine.example.com',
    enginePort: 12376,
    listen: '2001:db8::1',
    sans: ['10.0.0.11', 'xn--bcher-kva.example'],
    labels: ['ssd', 'no', '1.10', '0755', 'null', 'rack 7'],
    cpus: 0.5,
    memory: 8192,
  });
});

describe('the same two nodes', () => {
  test.each([
    ['as YAML', '- name: a\n  host: 10.0.0.1\n- name: b\n  host: "::1"\n  port: 2222\n'],
    [
      'as YAML after a BOM, with CRLF',
      '\ufeff- name: a\r\n  host: 10.0.0.1\r\n- {name: b, host: "::1", port: 2222}\r\n',
    ],
    [
      'as YAML below a key',
      '%YAML 1.2\n---\nnodes: # all of them\n- {name: a, host: 10.0.0.1}\n- {name: b, host: "::1", port: 2222}\n',
    ],
    ['as JSON', '[{"name": "a", "host": "10.0.0.1"}, {"name": "b", "host": "::1", "port": 2222}]'],
    [
      'as JSON indented with tabs',
      '{\n\t"nodes": [\n\t\t{\n\t\t\t"name": "a",\n\t\t\t"host": "10.0.0.1"\n\t\t},\n\t\t{ "name": "b", "host": "::1", "port": 2222 }\n\t]\n}\n',
    ],
    [
      'as YAML with an alias',
      '- {name: a, host: 10.0.0.1, user: &user root}\n- {name: b, host: "::1", port: 2222, user: *user}',
    ],
    ['as lines', 'a=10.0.0.1\nb=root@[::1]:2222\n'],
    [
      'as lines with blanks, comments and CRLF',
      '\r\n# two nodes\r\n  a = root@10.0.0.1:22 # first\r\n\r\n\tb=[::1]:2222\r\n',
    ],
  ])('%s', (_, text) => {
    expect(
      nodes(text).map(({ rank, name, ssh }) => `${rank} ${name}=${ssh.user}@${ssh.host}:${ssh.port}`),
    ).toEqual(['0 a=root@10.0.0.1:22', '1 b=root@::1:2222']);
  });
});

test('several host keys may be one text of several lines', () => {
  const [node] = nodes(`- name: a\n  host: b\n  host-keys: |\n    ${ED25519}\n\n    ${OTHER} comment\n`);
  expect(node?.hostKeys).toHaveLength(2);
});

test('names that differ by case only are the same', () => {
  expect(parseInventory('Node1=a\nNODE1=b').problems).toEqual([
    {
      message:
        'line 2, column 1: nodes[1].name (NODE1): "NODE1" is also the name of nodes[0] (Node1, line 1)',
      hint: 'remove one of the two, or correct it',
    },
  ]);
});

test('everything wrong at once is reported at once, with its place and a way out', () => {
  const text = `- name: node 1
  host: 10.0.0.300
  port: 70000
  hostkeys: ${ED25519}
- nmae: node2
  host:
- node3
- name: node4
  host: node4:22
  host-keys:
    - SHA256:q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA
    - ssh-rsa ${ED25519.split(' ')[1] ?? ''}
  sans: ['*.example.com', 10.0.0.14]
  labels: [web, web]
- {name: NODE4, host: 10.0.0.15, cpus: four, memory: 8G, listen: '::', <<: x}
- {name: node6, host: 10.0.0.16, address: 10.0.0.15, engine-port: 22}
`;
  const report = parseInventory(text).problems.map(({ message, hint }) => `${message}\n  ${hint}\n`);
  const keys =
    'known are: name, host, port, user, host-keys, jump, address, engine-port, listen, sans, labels, cpus, memory';
  const wholeKey =
    "copy a whole line from the host's /etc/ssh/ssh_host_*_key.pub, such as `ssh-ed25519 AAAA…`; only public keys belong here";
  expect(report.join('')).toBe(`\
line 1, column 9: nodes[0].name (node 1): "node 1" cannot be the name of a node
  write at most 63 letters, digits, dots, - and _, beginning with a letter or digit
line 2, column 9: nodes[0].host (node 1): "10.0.0.300" is neither a DNS name nor an IP address
  write a name of labels (letters, digits, - and _; at most 63 characters each) without a dot at the end, or four decimal numbers without leading zeros, or an IPv6 address
line 3, column 9: nodes[0].port (node 1): must be a whole number from 1 to 65535, not "70000"
  write a number from 1 to 65535 in digits
line 4, column 3: nodes[0] (node 1): the key "hostkeys" is not known
  did you mean "host-keys"? ${keys}
line 5, column 3: nodes[1]: the key "nmae" is not known
  did you mean "name"? ${keys}
line 5, column 3: nodes[1].name: is missing
  every node has a name and a host
line 6, column 8: nodes[1].host: has no value
  give it one, or remove the key; the word null needs quotes
line 7, column 3: nodes[2]: is not a mapping
  write it as { name: node1, host: 10.0.0.11 }
line 9, column 9: nodes[3].host (node4): "node4:22" is not an IP address
  write the host alone, without scheme, port, path and brackets; ports have keys of their own
line 11, column 7: nodes[3].host-keys (node4): is a fingerprint, not a key
  ${wholeKey}
line 12, column 7: nodes[3].host-keys (node4): the type before the base64 is not the one inside
  ${wholeKey}
line 13, column 10: nodes[3].sans (node4): "*.example.com" is neither a DNS name nor an IP address
  write each name; a wildcard would make the certificate good for hosts that are not this one
line 14, column 17: nodes[3].labels (node4): "web" stands twice
  keep one
line 15, column 4: nodes[4].name (NODE4): "NODE4" is also the name of nodes[3] (node4, line 8)
  remove one of the two, or correct it
line 15, column 40: nodes[4].cpus (NODE4): must be a number above 0, not "four"
  write the number of CPUs such as 4 or 0.5, or remove the key: the engine says how many it has
line 15, column 54: nodes[4].memory (NODE4): must be a whole number from 1 to 67108864, not "8G" (it counts in MB, as Shipyard does)
  write a number from 1 to 67108864 in digits
line 15, column 66: nodes[4].listen (NODE4): "::" stands for every address, not for one
  write one address of the host; without listen the engine listens on every address
line 15, column 72: nodes[4] (NODE4): the key "<<" is not known
  YAML 1.2 has no merge keys; write the keys out
line 16, column 34: nodes[5].address (node6): 10.0.0.15:22 is also the SSH server of nodes[4] (NODE4, line 15)
  remove one of the two, or correct it
`);
});
