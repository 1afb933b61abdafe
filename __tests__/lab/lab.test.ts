import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, inventory, removeCluster } from '../../lab/cluster.ts';
import { type CommandResult, run } from '../../lab/command.ts';
import { docker, dockerLines } from '../../lab/docker.ts';
import { bookworm } from '../../lab/images.ts';
import type { Lab } from '../../lab/lab.ts';
import { controllerUrl } from '../../lab/master.ts';
import { pidOfPayload, startPayload } from '../../lab/node.ts';
import { knownHosts, sshConfig } from '../../lab/ssh-client.ts';
import { labLabel } from '../../lab/state.ts';
import { parse } from 'yaml';
import { describeLab, useCluster } from './support/lab.ts';

describeLab('the lab', (lab) => {
  const cluster = useCluster(lab, [bookworm]);

  test.each(['root', 'deploy'])('lets %s log in with the known host key', async (user) => {
    const [node] = cluster().nodes;
    const result = await ssh(lab, cluster(), ['-l', user, 'node1', 'sudo -n id -un; id -un; hostname']);
    expect(result).toMatchObject({ code: 0, stdout: `root\n${user}\n${node?.name ?? ''}\n` });
  });

  test('gives every machine host keys of its own, and the inventory names them', () => {
    const { nodes, master } = cluster();
    const listed = parse(inventory([...nodes, master])) as { nodes: { 'host-keys': string[] }[] };
    const keys = listed.nodes.flatMap((node) => node['host-keys']);
    expect(keys.filter((key) => key.startsWith('ssh-ed25519 '))).toHaveLength(2);
    expect(new Set(keys).size).toBe(6);
  });

  test('has nodes that a client refuses when it expects another host key', async () => {
    const { nodes, master } = cluster();
    const swapped = { ...cluster(), nodes: nodes.map((one) => ({ ...one, hostKeys: master.hostKeys })) };
    const result = await ssh(lab, swapped, ['node1', 'true']);
    expect(result.code).toBe(255);
    expect(result.stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
  });

  test('has a Docker in each node whose containers survive a restart only with live-restore', async () => {
    const node = cluster().nodes[0];
    if (node === undefined) throw new Error('a node was asked for');
    const before = await startPayload(node, 'payload');
    await node.writeFile('/etc/docker/daemon.json', '{"live-restore": true}');
    await node.script('systemctl reload docker; systemctl restart docker; docker version >/dev/null');
    expect(await pidOfPayload(node, 'payload')).toBe(before);

    await node.writeFile('/etc/docker/daemon.json', '{}');
    await node.script('systemctl reload docker; systemctl restart docker; docker version >/dev/null');
    expect(await pidOfPayload(node, 'payload')).toBe(0);
  });

  test('can take a node off the network and give it the same address back', async () => {
    const node = cluster().nodes[0];
    if (node === undefined) throw new Error('a node was asked for');
    await node.disconnect();
    const away = await ssh(lab, cluster(), ['-o', 'ConnectTimeout=1', 'node1', 'true']);
    await node.connect();
    const back = await ssh(lab, cluster(), ['node1', 'true']);
    expect([away.code, back.code]).toEqual([255, 0]);
  });

  test('can freeze a node', async () => {
    const node = cluster().nodes[0];
    await node?.pause();
    const frozen = await ssh(lab, cluster(), ['-o', 'ConnectTimeout=1', 'node1', 'true']);
    await node?.unpause();
    const thawed = await ssh(lab, cluster(), ['node1', 'true']);
    expect([frozen.code, thawed.code]).toEqual([255, 0]);
  });

  test('has a controller that answers on the loopback of the master, and only there', async () => {
    const { master } = cluster();
    expect(await master.curl('--include', `${controllerUrl}/api/engines`)).toContain('401 Unauthorized');
    await master.restartController();
    const fromOutside = await run(['curl', '--silent', `http://${master.address}:8080/`]);
    expect(fromOutside.code).toBe(7);
  });

  test('leaves nothing of a removed cluster', async () => {
    // The last test of this cluster.
    const format = `{{index .Config.Labels "${labLabel}.cluster"}} {{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{end}}{{end}}`;
    const container = cluster().nodes[0]?.container ?? '';
    const [name = '', volume] = (await docker(['inspect', '--format', format, container])).split(' ');
    const volumes = ['volume', 'ls', '--quiet'];
    expect(await dockerLines(volumes)).toContain(volume);
    await removeCluster(name);
    expect(await dockerLines(['ps', '--all', '--quiet', '--filter', `name=${name}`])).toEqual([]);
    expect(await dockerLines(volumes)).not.toContain(volume);
  });
});

/** OpenSSH's own client, with the configuration that the demo writes. */
async function ssh(lab: Lab, { nodes }: Cluster, args: readonly string[]): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-'));
  const knownHostsFile = join(folder, 'known_hosts');
  const config = join(folder, 'config');
  writeFileSync(knownHostsFile, knownHosts(nodes));
  writeFileSync(config, sshConfig(nodes, lab.identity.privateKeyFile, knownHostsFile));
  try {
    return await run(['ssh', '-F', config, ...args], { timeoutMs: 20_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
