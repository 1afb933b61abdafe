import { beforeAll, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import { controllerUrl } from '../../lab/master.ts';
import type { LabNode } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { foreignEngine, startForeignEngine } from './support/foreign-engine.ts';
import { hostileLabels } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { logIn, rows } from './support/shipyard-rows.ts';

/** What a node or an engine would say to forge what the runner and a reader see; `forged` marks all of it. */
const LINES = [
  '::set-output name=nodes::forged',
  '::error title=forged::forged',
  '##[warning]forged',
  '\u001b[31mforged\u001b[0m \u202eforged',
  '</pre><img src=x onerror=forged> [forged](https://evil.example) @octocat | a | b |',
];

describeLab('what a node, its sshd, its daemon and a foreign engine say', (lab) => {
  const cluster = useCluster(lab, 1);
  let ca = '';
  const node = (): LabNode => {
    const [found] = cluster().nodes;
    if (!found) throw new Error('there is a node');
    return found;
  };
  const nodes = () => inventory(cluster().nodes, { labels: hostileLabels });
  const run = (inputs: Readonly<Record<string, string>>) =>
    apply(lab, cluster(), { ca, nodes: nodes(), ...inputs }, { env: { RUNNER_DEBUG: '1' } });

  beforeAll(async () => {
    ({ ca } = await firstRun(lab, cluster(), { nodes: nodes() }));
    const lines = LINES.join('\n');
    await node().writeFile('/opt/hostile', `${lines}\n`);
    await node().script(
      `printf '\\0\\n' >>/opt/hostile
       echo 'Banner /opt/hostile' >>/etc/ssh/sshd_config; systemctl restart ssh`,
    );
  });

  test('labels of the inventory reach Shipyard as they are written, whatever a shell would make of them', async () => {
    const [row] = await rows(cluster().master);
    expect(row?.engine.labels).toEqual(hostileLabels);
  });

  test('before and beside every answer is not taken for an answer, nor shown as it is', async () => {
    // What root's shell prints when sshd starts it: a line of a megabyte at last.
    const noise = 'cat /opt/hostile; cat /opt/hostile >&2; head -c 1000000 /dev/zero | tr "\\0" A; echo';
    const { master } = cluster();
    await startForeignEngine(master);
    const foreign = {
      engine: { ...foreignEngine.engine, id: LINES.join(' '), labels: [LINES[4], '\u0000'] },
    };
    await master.curl(
      ...['--fail', '--header', `X-Access-Token: admin:${await logIn(master, 'shipyard')}`],
      ...['--data', JSON.stringify(foreign), `${controllerUrl}/api/engines`],
    );
    await node().script('cp /root/.bashrc /root/.bashrc.kept; printf "%s\\n" "$1" >/root/.bashrc', {
      args: [noise],
    });
    const noisy = await run({});
    await node().script('mv /root/.bashrc.kept /root/.bashrc');
    harmless(noisy);
    expect(noisy.outputs['changed']).toBe('false');
    expect(noisy.exitCode).toBe(0);
    expect(noisy.summary).toContain('forged');
  });

  test('in the log of a daemon that does not start is a quotation', async () => {
    await node().script(`
      mkdir /usr/sbin/real
      mv /usr/sbin/dockerd /usr/sbin/real/
      cat >/usr/sbin/dockerd <<'END'
#!/bin/sh
current=$(readlink /etc/docker/shipyard-cluster/current)
if [ "$current" != "$(cat /opt/good)" ]; then cat /opt/hostile >&2; exit 1; fi
exec /usr/sbin/real/dockerd "$@"
END
      chmod 755 /usr/sbin/dockerd
      readlink /etc/docker/shipyard-cluster/current >/opt/good`);
    const failed = await run({ 'force-renew': 'all' });
    await node().script('mv /usr/sbin/real/dockerd /usr/sbin/dockerd');
    expect(json(failed, 'nodes').map(({ action }) => action)).toEqual(['rolled-back']);
    harmless(failed);
    expect(failed.log).toContain('forged');
    expect(failed.summary).toContain('forged');
  });
});

function harmless({ commands, summary, outputs, log }: ActionRun): void {
  const obeyed = commands.filter(({ name }) => name !== 'debug');
  expect(obeyed.map(({ name }) => name)).not.toContain('set-output');
  expect(obeyed.filter(({ properties }) => JSON.stringify(properties).includes('forged'))).toEqual([]);
  expect(commands.filter(({ value }) => value.startsWith('forged'))).toEqual([]);
  expect(log).not.toMatch(/[\u0000\u001b\u202e]/);
  expect(Math.max(...log.split('\n').map((line) => line.length))).toBeLessThan(20_000);
  expect(summary).not.toMatch(/<img|\]\(https:\/\/evil|@octocat|[\u0000\u001b\u202e]/);
  for (const name of ['nodes', 'engines']) expect(JSON.parse(outputs[name] ?? '')).toBeDefined();
}
