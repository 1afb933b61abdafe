import { beforeAll, expect, test } from '@jest/globals';
import { run as command } from '../../lab/command.ts';
import { askEngine, type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { etc } from '../lab/support/etc.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { liveRestore } from '../lab/support/live-restore.ts';
import { nodeState } from '../lab/support/node-state.ts';
import { forgetRequests, rows, writes } from '../lab/support/shipyard-rows.ts';

/** Spelt as nobody's serialiser does. */
const OWN = '{"labels":["name=old","rack=3"],\n   "log-opts": { "max-size" :"10m" }, "live-restore":false }';

describeLab('command remove', (lab) => {
  // Two that are given back, the second of them edited since its set-up, and one that stays.
  const cluster = useCluster(lab, 3);
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
        if (index < 2) {
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
    await node(1).script(
      `sed -i 's/"10m"/"20m"/; s/^{$/{ "max-concurrent-downloads": 5,/' /etc/docker/daemon.json`,
    );
    stayed = await nodeState(node(2));
    stayedRow = await rowOf('node3');
  });

  beforeAll(async () => {
    removal = await remove('node1 node2');
  });

  test('says that the nodes were removed, and ends well', () => {
    expect(removal.log).not.toContain('::error');
    expect(removal.exitCode).toBe(0);
    expect(json(removal, 'nodes')).toEqual(
      ['node1', 'node2'].map((name) => ({
        name,
        action: 'removed',
        reasons: ['removal'],
        reachable: false,
      })),
    );
    expect(removal.outputs['changed']).toBe('true');
    expect(json(removal, 'engines').map(({ name }) => name)).toEqual(['node3']);
  });

  test('leaves /etc to the byte as it was', async () => {
    expect(await etc(node(0))).toEqual(before.get('node1'));
  });

  test('keeps what was edited since the set-up', async () => {
    const others = (lines: readonly string[] = []) =>
      lines.filter((line) => !line.startsWith('etc/docker/daemon.json '));
    expect(others(await etc(node(1)))).toEqual(others(before.get('node2')));
    expect(JSON.parse(await node(1).readFile('/etc/docker/daemon.json'))).toEqual({
      'max-concurrent-downloads': 5,
      labels: ['rack=3', 'name=old'],
      'log-opts': { 'max-size': '20m' },
      'live-restore': false,
    });
    expect(await node(1).script('stat -c %a /etc/docker/daemon.json')).toBe('640');
  });

  test('leaves the port closed, and Docker answering on its own socket', async () => {
    for (const index of [0, 1]) {
      const { stderr } = await command(['curl', '--verbose', `http://${node(index).address}:2376/`]);
      expect(stderr).toContain('Connection refused');
      expect(await node(index).script('ss -Hltn')).not.toContain(':2376');
      expect(await node(index).script(`${askEngine} http://docker/version`)).toContain('"Version":"20.10');
    }
  });

  test('keeps the containers through set-up and removal, on a daemon that has no live-restore again', async () => {
    for (const index of [0, 1]) {
      expect(await pidOfPayload(node(index), 'counter')).toBe(pids.get(node(index).name));
      expect(await liveRestore(node(index))).toBe('false');
    }
  });

  test('leaves no unit, no lock and no upload behind', async () => {
    for (const index of [0, 1]) {
      const left = await node(index).script(`{
        systemctl list-units --all --no-legend
        systemctl list-unit-files --no-legend
        ls -A /root
      } | grep shipyard || true`);
      expect(left).toBe('');
      // The shell that held the lock ends with the connection.
      await node(index).script(
        'for i in $(seq 50); do ls /run/shipyard* >/dev/null 2>&1 || exit 0; sleep 0.1; done; ls /run/shipyard*; exit 1',
      );
    }
  });

  test('touches neither the other node nor its engine', async () => {
    expect(await nodeState(node(2))).toBe(stayed);
    expect(await rows(cluster().master)).toEqual([stayedRow]);
  });

  test('finds nothing to do in a second run: no restart, no request that writes', async () => {
    const nodes = cluster().nodes.slice(0, 2);
    const states = await Promise.all(nodes.map(nodeState));
    await forgetRequests(cluster().master);
    const second = await remove('node1 node2');
    expect(second.exitCode).toBe(0);
    expect(second.outputs['changed']).toBe('false');
    expect(json(second, 'nodes').map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
    expect(await writes(cluster().master)).toEqual([]);
    expect(await Promise.all(nodes.map(nodeState))).toEqual(states);
  });

  test('is undone by the next apply, which sets a node up anew', async () => {
    const run = await apply(lab, cluster(), { ca, only: 'node1 node3' });
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ action, reasons }) => [action, reasons])).toEqual([
      ['changed', ['missing']],
      ['unchanged', []],
    ]);
    expect(json(run, 'engines').map(({ name, health }) => [name, health])).toEqual(
      ['node1', 'node3'].map((name) => [name, 'up']),
    );
    for (const one of cluster().nodes) expect(await pidOfPayload(one, 'counter')).toBe(pids.get(one.name));
  });
});
