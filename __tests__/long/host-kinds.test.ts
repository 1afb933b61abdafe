import { beforeAll, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { type NodeImage, bookworm, dockerCe, sysvinit, trixie } from '../../lab/images.ts';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { servedBy } from '../lab/support/engine-port.ts';
import { etc } from '../lab/support/etc.ts';
import { withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';
import { rows } from '../lab/support/shipyard-rows.ts';

type Kind = { readonly kind: NodeImage; readonly title: string };

/** Docker 26 does not speak the API of Shipyard 2, so the last one is set up without it. */
const kinds: readonly Kind[] = [
  { kind: bookworm, title: "Debian 12, systemd, Debian's unit" },
  { kind: dockerCe, title: "Debian 12, systemd, docker-ce's unit" },
  { kind: sysvinit, title: 'Debian 12, sysvinit, `/etc/default/docker`' },
  { kind: trixie, title: "Debian 13, systemd, Debian's unit, without Shipyard" },
];
const registered = { only: 'node1,node2,node3' };
const alone = { only: 'node4', ...withoutShipyard };

describeLab('every kind of host', (lab) => {
  const cluster = useCluster(
    lab,
    kinds.map(({ kind }) => kind),
  );
  const table = new Map<string, readonly string[]>();
  let ca = '';
  let pids: readonly number[] = [];
  let before: readonly (readonly string[])[] = [];

  const nodes = (): readonly LabNode[] => cluster().nodes;
  const payloads = () => Promise.all(nodes().map((node) => pidOfPayload(node, 'counter')));

  async function everywhere(inputs: Readonly<Record<string, string>>): Promise<readonly ActionRun[]> {
    return [
      await apply(lab, cluster(), { ca, ...inputs, ...registered }),
      await apply(lab, cluster(), { ca, ...inputs, ...alone }),
    ];
  }

  /** Notes what the runs say of each kind, and returns it. */
  function note(step: string, runs: readonly ActionRun[]): readonly string[] {
    for (const run of runs) if (run.exitCode !== 0) throw new Error(run.log);
    const rows = runs.flatMap((run) => json(run, 'nodes'));
    const engines = runs.slice(0, 1).flatMap((run) => json(run, 'engines'));
    const found = nodes().map(({ name }) => {
      const engine = engines.find((row) => row['name'] === name);
      const action = String(rows.find((row) => row['name'] === name)?.['action']);
      return engine === undefined ? action : `${action}, engine ${String(engine['health'])}`;
    });
    table.set(step, found);
    return found;
  }

  beforeAll(async () => {
    pids = await Promise.all(nodes().map((node) => startPayload(node, 'counter')));
    before = await Promise.all(nodes().map(etc));
    const docker = (node: LabNode) =>
      node.script('docker version --format "{{.Server.Version}}" | sed "s/+.*//"');
    table.set('Docker', await Promise.all(nodes().map(docker)));
  });

  test('is set up and registered, with its containers', async () => {
    const first = await firstRun(lab, cluster(), registered);
    ({ ca } = first);
    const runs = [first.run, await apply(lab, cluster(), { ca, ...alone })];
    const up = 'changed, engine up';
    expect(note('first set-up', runs)).toEqual([up, up, up, 'changed']);
    expect(await payloads()).toEqual(pids);
  });

  test('has nothing to do in a second run', async () => {
    const state = await Promise.all(nodes().map(nodeState));
    const up = 'unchanged, engine up';
    expect(note('second run', await everywhere({}))).toEqual([up, up, up, 'unchanged']);
    expect(await Promise.all(nodes().map(nodeState))).toEqual(state);
  });

  test('is renewed, with its containers', async () => {
    const served = await Promise.all(nodes().map(servedBy));
    const up = 'changed, engine up';
    expect(note('renewal', await everywhere({ 'force-renew': 'all' }))).toEqual([up, up, up, 'changed']);
    const now = await Promise.all(nodes().map(servedBy));
    expect(now.filter((certificate) => certificate === '' || served.includes(certificate))).toEqual([]);
    expect(await payloads()).toEqual(pids);
  });

  test('with Docker 23 and newer, dockerd itself checks the configuration before anything is switched', async () => {
    const node = nodes()[3];
    if (!node) throw new Error('there are four nodes');
    const good = await node.readFile('/etc/docker/daemon.json');
    await node.writeFile('/etc/docker/daemon.json', good.replace('{', '{ "no-such-option": 1,'));
    const state = await nodeState(node);
    const run = await apply(lab, cluster(), { ca, 'force-renew': 'all', ...alone });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('[node4] failed: the change could not be prepared: ');
    expect(run.log).toContain("don't match any configuration option: no-such-option");
    expect(await nodeState(node)).toBe(state);
    await node.writeFile('/etc/docker/daemon.json', good);
  });

  test('is given back, with its containers, and /etc is as it was', async () => {
    const runs = await everywhere({ command: 'remove', ca: '', 'ca-passphrase': '' });
    expect(note('removal', runs)).toEqual(['removed', 'removed', 'removed', 'removed']);
    expect(await rows(cluster().master)).toEqual([]);
    expect(await Promise.all(nodes().map(etc))).toEqual(before);
    expect(await Promise.all(nodes().map(servedBy))).toEqual(['', '', '', '']);
    expect(await payloads()).toEqual(pids);
  });

  test('has its place in the table of the documentation', () => {
    const columns = [...table.keys()];
    const rows = kinds.map(({ title }, index) => [
      title,
      ...columns.map((column) => table.get(column)?.[index] ?? ''),
    ]);
    const lines = [['host', ...columns], columns.map(() => '---').concat('---'), ...rows];
    writeFileSync(
      'docs/host-kinds.md',
      `# Kinds of hosts

Written by \`__tests__/long/host-kinds.test.ts\`, which does all of this to one real node of each kind, on each of which a
container runs from before the first set-up to the end without losing its process.

<!-- prettier-ignore -->
${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`,
    );
    expect(rows.flat()).not.toContain('');
  });
});
