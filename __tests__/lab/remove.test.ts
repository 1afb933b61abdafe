import { beforeAll, expect, test } from '@jest/globals';
import { run as command } from '../../lab/command.ts';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { etc } from './support/etc.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeState } from './support/node-state.ts';
import { forgetRequests, rows, writes } from './support/shipyard-rows.ts';

/** Spelt as nobody's serialiser does. */
const OWN = '{"labels":["name=old","rack=3"],\n   "log-opts": { "max-size" :"10m" }, "live-restore":false }';

describeLab('command remove', (lab) => {
  const cluster = useCluster(lab, 4);
  const before = new Map<string, readonly string[]>();
  const pids = new Map<string, number>();
  let ca = '';
  let removal: ActionRun;
  let stayed: string;
  let stayedRow: unknown;

  const node = (index: number): LabNode => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  const rowOf = async (name: string) =>
    (await rows(cluster().master)).find(({ engine }) => engine.id === name);
  /** Neither the CA nor its passphrase is needed. */
  const remove = (only: string) => apply(lab, cluster(), { command: 'remove', only, 'ca-passphrase': '' });

  beforeAll(async () => {
    await Promise.all(
      cluster().nodes.map(async (one, index) => {
        if (index === 1 || index === 2) {
          await one.writeFile('/etc/docker/daemon.json', OWN, 0o640);
          await one.script('systemctl restart docker');
        }
        // The containers are there before the first set-up, on nodes whose Docker runs without live-restore.
        pids.set(one.name, await startPayload(one, 'counter'));
        before.set(one.name, await etc(one));
      }),
    );
  });

  beforeAll(async () => {
    ({ ca } = await firstRun(lab, cluster(), { 'max-unavailable': '100%' }));
    await node(2).script(
      `sed -i 's/"10m"/"20m"/; s/^{$/{ "max-concurrent-downloads": 5,/' /etc/docker/daemon.json`,
    );
    stayed = await nodeState(node(3));
    stayedRow = await rowOf('node4');
  });

  beforeAll(async () => {
    removal = await remove('node1 node2 node3');
  });

  test('says that the nodes were removed, and ends well', () => {
    expect(removal.log).not.toContain('::error');
    expect(removal.exitCode).toBe(0);
    expect(json(removal, 'nodes')).toEqual(
      ['node1', 'node2', 'node3'].map((name) => ({
        name,
        action: 'removed',
        reasons: ['removal'],
        reachable: false,
      })),
    );
    expect(removal.outputs['changed']).toBe('true');
    expect(json(removal, 'engines').map(({ name }) => name)).toEqual(['node4']);
  });

  test('leaves /etc to the byte as it was', async () => {
    for (const index of [0, 1]) expect(await etc(node(index))).toEqual(before.get(node(index).name));
  });

  test('keeps what was edited since the set-up', async () => {
    const others = (lines: readonly string[] = []) =>
      lines.filter((line) => !line.startsWith('etc/docker/daemon.json '));
    expect(others(await etc(node(2)))).toEqual(others(before.get('node3')));
    expect(JSON.parse(await node(2).readFile('/etc/docker/daemon.json'))).toEqual({
      'max-concurrent-downloads': 5,
      labels: ['rack=3', 'name=old'],
      'log-opts': { 'max-size': '20m' },
      'live-restore': false,
    });
    expect(await node(2).script('stat -c %a /etc/docker/daemon.json')).toBe('640');
  });

  test('leaves the port closed, and Docker answering on its own socket', async () => {
    for (const index of [0, 1, 2]) {
      const { stderr } = await command(['curl', '--verbose', `http://${node(index).address}:2376/`]);
      expect(stderr).toContain('Connection refused');
      expect(await node(index).script('ss -Hltn')).not.toContain(':2376');
      expect(await node(index).script('docker version --format "{{.Server.Version}}"')).toContain('20.10');
    }
  });

  test('keeps the containers through set-up and removal, on a daemon that has no live-restore again', async () => {
    for (const index of [0, 1, 2]) {
      expect(await pidOfPayload(node(index), 'counter')).toBe(pids.get(node(index).name));
      expect(await node(index).script('docker info --format "{{.LiveRestoreEnabled}}"')).toBe('false');
    }
  });

  test('leaves no unit, no lock and no upload behind', async () => {
    for (const index of [0, 1, 2]) {
      expect(await node(index).script('systemctl list-units --all --no-legend | grep shipyard || true')).toBe(
        '',
      );
      expect(await node(index).script('systemctl list-unit-files --no-legend | grep shipyard || true')).toBe(
        '',
      );
      // The shell that held the lock ends with the connection.
      await node(index).script(
        'for i in $(seq 50); do ls /run/shipyard* >/dev/null 2>&1 || exit 0; sleep 0.1; done; ls /run/shipyard*; exit 1',
      );
      expect(await node(index).script('ls -A /root | grep shipyard || true')).toBe('');
    }
  });

  test('touches neither the other node nor its engine', async () => {
    expect(await nodeState(node(3))).toBe(stayed);
    expect(await rows(cluster().master)).toEqual([stayedRow]);
  });

  test('finds nothing to do in a second run: no restart, no request that writes', async () => {
    const nodes = cluster().nodes.slice(0, 3);
    const states = await Promise.all(nodes.map(nodeState));
    await forgetRequests(cluster().master);
    const second = await remove('node1 node2 node3');
    expect(second.exitCode).toBe(0);
    expect(second.outputs['changed']).toBe('false');
    expect(json(second, 'nodes').map(({ action }) => action)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect(await writes(cluster().master)).toEqual([]);
    expect(await Promise.all(nodes.map(nodeState))).toEqual(states);
  });

  test('is undone by the next apply, which sets the nodes up anew', async () => {
    const run = await apply(lab, cluster(), { ca, 'max-unavailable': '100%' });
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ action, reasons }) => [action, reasons])).toEqual([
      ...[0, 1, 2].map(() => ['changed', ['missing']]),
      ['unchanged', []],
    ]);
    expect(json(run, 'engines').map(({ name, health }) => [name, health])).toEqual(
      ['node1', 'node2', 'node3', 'node4'].map((name) => [name, 'up']),
    );
    for (const one of cluster().nodes) expect(await pidOfPayload(one, 'counter')).toBe(pids.get(one.name));
  });
});
