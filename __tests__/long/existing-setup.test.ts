import { expect, test } from '@jest/globals';
import type { LabNode } from '../../lab/node.ts';
import { apply } from '../lab/support/apply.ts';
import { describeLab, useNodes } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';

const daemonJson = '/etc/docker/daemon.json';
const dropIns = '/etc/systemd/system/docker.service.d';
const start = (hosts: string): string =>
  `[Service]\nEnvironment=NO_PROXY=localhost\nExecStart=\nExecStart=/usr/sbin/dockerd ${hosts} --containerd=/run/containerd/containerd.sock\n`;

describeLab('a host whose Docker was configured before', (lab) => {
  const cluster = useNodes(lab, 1);
  const asked = { 'create-ca': 'true' };

  const node = (): LabNode => {
    const [only] = cluster().nodes;
    if (!only) throw new Error('there is a node');
    return only;
  };

  test.each([
    [
      'a plain listener in both places',
      daemonJson,
      '{"debug": false, "hosts": ["tcp://0.0.0.0:2375"]}',
      "/etc/docker/daemon.json already sets hosts: tcp://0.0.0.0:2375, and the service's command line sets -H fd://; the action would set hosts: tcp://[::]:2376 there",
    ],
    [
      'TLS files elsewhere',
      daemonJson,
      '{"tlsverify": true, "tlscacert": "/etc/ssl/ca.pem", "tlscert": "/etc/ssl/cert.pem", "tlskey": "/etc/ssl/key.pem"}',
      '/etc/docker/daemon.json already sets tlsverify: true, tlscacert: /etc/ssl/ca.pem, tlscert: /etc/ssl/cert.pem, tlskey: /etc/ssl/key.pem; the action would set tlsverify: true with the files in /etc/docker/shipyard-cluster/current there',
    ],
    // Clients of any public CA are let in then.
    ['tlsverify without a CA', daemonJson, '{"tlsverify": true}', 'already sets tlsverify: true;'],
    [
      'a file that is no JSON',
      daemonJson,
      '{"debug": true,}',
      '/etc/docker/daemon.json is not a JSON object',
    ],
    [
      'a drop-in with a plain listener',
      `${dropIns}/tcp.conf`,
      start('-H fd:// -H tcp://0.0.0.0:2375'),
      `${dropIns}/tcp.conf already sets tcp://0.0.0.0:2375 on the command line of dockerd`,
    ],
    [
      'a drop-in that has the last word over ours',
      `${dropIns}/zzz.conf`,
      start('-H fd://'),
      `${dropIns}/zzz.conf sets ExecStart after ${dropIns}/zz-shipyard-cluster.conf`,
    ],
  ])('%s: is refused with its place, and nothing is changed', async (_, path, text, message) => {
    await node().script(`mkdir -p ${dropIns}`);
    await node().writeFile(path, text);
    await node().script('systemctl daemon-reload');
    const before = await nodeState(node());
    const run = await apply(lab, cluster(), asked);
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain(message);
    expect(await nodeState(node())).toBe(before);
    expect(await node().readFile(path)).toBe(text);
    await node().script('rm "$1"; systemctl daemon-reload', { args: [path] });
  });

  test('keys, their order and other drop-ins stay, and sockets move into the file, which the log tells', async () => {
    const existing =
      '{"max-concurrent-downloads": 7, "labels": ["rack=3"], "log-opts": {"max-size": "9m"}, "live-restore": false}';
    await node().writeFile(daemonJson, existing, 0o640);
    await node().writeFile(`${dropIns}/local.conf`, start('-H fd:// -H unix:///run/second.sock'));
    await node().script('systemctl daemon-reload; systemctl restart docker');
    const run = await apply(lab, cluster(), asked);
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    for (const note of [
      `the command in ${dropIns}/local.conf is taken over into ${dropIns}/zz-shipyard-cluster.conf, without its -H`,
      `-H fd:// moves from ${dropIns}/local.conf to hosts in ${daemonJson}`,
      `-H unix:///run/second.sock moves from ${dropIns}/local.conf to hosts in ${daemonJson}`,
      `${daemonJson} had live-restore: false, which the action replaces`,
    ])
      expect(run.log).toContain(note);
    const settings = JSON.parse(await node().readFile(daemonJson)) as Readonly<Record<string, unknown>>;
    expect(Object.keys(settings).slice(0, 4)).toEqual([
      'max-concurrent-downloads',
      'labels',
      'log-opts',
      'live-restore',
    ]);
    expect(settings).toMatchObject({
      'max-concurrent-downloads': 7,
      labels: ['rack=3', 'name=node1'],
      'log-opts': { 'max-size': '9m' },
      'live-restore': true,
      hosts: ['fd://', 'unix:///run/second.sock', 'tcp://[::]:2376'],
    });
    expect(await node().script(`stat --format %a ${daemonJson}`)).toBe('640');
    expect(await node().script('docker -H unix:///run/second.sock info --format "{{.Labels}}"')).toBe(
      '[rack=3 name=node1]',
    );
    expect(await node().script('systemctl show --property Environment --value docker.service')).toContain(
      'NO_PROXY=localhost',
    );
  });
});
