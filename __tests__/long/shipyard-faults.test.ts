import { beforeAll, describe, expect, test } from '@jest/globals';
import { bookworm, trixie, withoutIptables } from '../../lab/images.ts';
import type { ActionOptions, ActionRun } from '../../lab/runner.ts';
import { privateKeyOf } from '../../lab/ssh-identity.ts';
import { apply, caPassphrase, json, type Inputs } from '../lab/support/apply.ts';
import { foreignEngine, silence, startForeignEngine, unsilence } from '../lab/support/foreign-engine.ts';
import { cli } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';
import { nodeKeys } from '../lab/support/node-keys.ts';
import { SecretSearch } from '../lab/support/secrets.ts';
import { call, forgetRequests, rows, setFaults, writes } from '../lab/support/shipyard-rows.ts';

const password = 'a new pa$$word';

/** Both modes against one controller on the master's loopback: one node that Shipyard can use, and one that it cannot. */
describeLab('Shipyard, whole', (lab) => {
  const cluster = useCluster(lab, [withoutIptables(bookworm), trixie]);
  const search = new SecretSearch(password, caPassphrase);
  let ca = '';
  let theirs = '';

  const master = () => cluster().master;
  const listed = () => rows(master(), password);
  const idOf = async (name: string) => (await listed()).find(({ engine }) => engine.id === name)?.id ?? '';

  async function run(inputs: Inputs, options: Pick<ActionOptions, 'onLine'> = {}): Promise<ActionRun> {
    const given = { 'shipyard-password': password, ...inputs };
    return search.add(await apply(lab, cluster(), given, { ...options, env: { RUNNER_DEBUG: '1' } }));
  }

  /** Takes note of what is secret now. */
  async function remember(): Promise<void> {
    search.learn(await master().readFile('/var/lib/shipyard.json'), await listed());
    search.knowKeys(...(await nodeKeys(cluster().nodes)));
  }

  beforeAll(async () => {
    search.knowKeys(privateKeyOf(lab.identity));
    // Whoever waits for the health of an engine need not wait for ten seconds.
    await master().script(`cd /etc/systemd/system
      mkdir shipyard.service.d
      printf '[Service]\\nExecStart=\\n%s -tick-ms 2000\\n' "$(grep ^ExecStart= shipyard.service)" >shipyard.service.d/hasty.conf
      systemctl daemon-reload`);
    await master().restartController();
  });

  describe('from nothing, over HTTP alone', () => {
    let first: ActionRun;
    let before: string;

    beforeAll(async () => {
      const [, old] = cluster().nodes;
      before = old ? await nodeState(old) : '';
      first = await run({ 'create-ca': 'true' });
      ca = first.outputs['ca'] ?? '';
      await remember();
    });

    test('replaces the published password, and says so', async () => {
      expect(first.log).toContain('still had the published password');
      await expect(rows(master(), 'shipyard')).rejects.toThrow();
      expect(await listed()).toHaveLength(1);
    });

    test('registers the node that Shipyard can use, and calls it usable', () => {
      expect(json(first, 'engines').map(({ name, health }) => [name, health])).toEqual([['node1', 'up']]);
      expect(first.summary).toMatch(/\| node1 \| https:\S+ \| up \| [\d.]+ ms \| 20\.10\S* \| yes \|/);
    });

    test('refuses Docker 26 with the reason, before anything is changed', async () => {
      const [, old] = cluster().nodes;
      expect(first.exitCode).toBe(1);
      expect(first.log).toMatch(
        /\[node2\] failed: Docker 26\S* refuses API v1\.15, the only one that Shipyard 2/,
      );
      expect(first.log).toContain('incompatible-engines: warn');
      expect(old && (await nodeState(old))).toBe(before);
    });
  });

  describe('with the CLI, after faults: a duplicate, a foreign engine, a closed connection, a row that comes back', () => {
    let second: ActionRun;

    beforeAll(async () => {
      await startForeignEngine(master());
      const [ours] = await listed();
      await call(master(), password, 'POST', '/api/engines', foreignEngine);
      await call(master(), password, 'POST', '/api/engines', { ...ours, id: 'twin' });
      theirs = await idOf('theirs');
      await setFaults(master(), { 'close-after-insert': 1, 'return-removed': 1 });
      second = await run({ ...cli, ca, 'force-renew': 'node1', 'incompatible-engines': 'warn' });
      await remember();
    });

    test('the list is as asked, and the foreign engine is untouched', async () => {
      expect(second.exitCode).toBe(0);
      expect((await listed()).map(({ engine }) => engine.id).sort()).toEqual(['node1', 'node2', 'theirs']);
      expect(await idOf('theirs')).toBe(theirs);
    });

    test('Docker 26 is registered where that is a warning, and called what it is', () => {
      expect(second.log).toContain(
        'Shipyard cannot use the engine: the engine answered /v1.15/version with 400',
      );
      expect(second.summary).toMatch(/\| node2 \| .* \| up \| [\d.]+ ms \| {2}\| no: the engine answered/);
      expect(second.summary).toMatch(/\| theirs \| .* \| not asked \|/);
    });
  });

  describe.each(['cli', 'api'])('shipyard-mode: %s', (mode) => {
    const asked = { 'shipyard-mode': mode, only: 'node1' };

    test('a lost database is named as such, and nothing is changed', async () => {
      const before = await listed();
      await forgetRequests(master());
      await setFaults(master(), { 'database-lost': true });
      const lost = await run({ ...asked, ca });
      await setFaults(master(), {});
      expect(lost.exitCode).toBe(1);
      expect(lost.log).toContain('the controller has lost its database');
      expect(json(lost, 'nodes').map(({ action }) => action)).toEqual(['unchanged']);
      expect(await writes(master())).toEqual([]);
      expect(await listed()).toEqual(before);
    });

    test('a row edited by hand, a silent engine, late answers, a controller killed between add and remove: one run mends all', async () => {
      await editByHand();
      await silence(master());
      await setFaults(master(), { 'delay-ms': 300, 'die-after-insert': 1 });
      const deaths = await restarts();
      const spoken: Promise<void>[] = [];
      const onLine = (line: string): void => {
        // It holds the health of all others until somebody makes it speak.
        if (line.includes('waiting for Shipyard to see node1 up')) spoken.push(unsilence(master()));
      };
      const broken = await run({ ...asked, ca }, { onLine });
      await Promise.all([...spoken, unsilence(master())]);
      expect(broken.log).toContain('Shipyard does not tell its version');
      expect(broken.log).toContain('registration-differs; other labels');
      expect(await restarts()).toBe(deaths + 1);
      await remember();

      const mended = await run({ ...asked, ca });
      await remember();
      expect(mended.log).not.toContain('::error');
      expect(mended.exitCode).toBe(0);
      await expectAsked();
    });
  });

  test('an add and then the list answered only after half a minute: the list decides, and one run mends all', async () => {
    await editByHand();
    await forgetRequests(master());
    await setFaults(master(), { 'slow-adds': 1, 'slow-lists': 1 });
    const slow = await run({ ...cli, ca, only: 'node1' });
    await setFaults(master(), {});
    await remember();
    expect(slow.log).toMatch(/the call failed, but the list shows the engine: .*add-engine node1 failed/);
    expect(slow.log).not.toContain('::error');
    expect(slow.exitCode).toBe(0);
    expect((await writes(master())).map((line) => line.split(' ')[0])).toEqual(['POST', 'DELETE']);
    await expectAsked();
  });

  test('the next run, with a service key, writes nothing, prune included', async () => {
    const made = await call(master(), password, 'POST', '/api/servicekeys', { description: 'the lab' });
    const { key } = JSON.parse(made) as { readonly key: string };
    search.know(key);
    await forgetRequests(master());
    const login = { 'shipyard-password': '', 'shipyard-service-key': key };
    const last = await run({ ...login, ca, 'incompatible-engines': 'warn', prune: 'true' });
    expect(last.exitCode).toBe(0);
    expect(last.outputs['changed']).toBe('false');
    expect(await writes(master())).toEqual([]);
  });

  test('no key, token, service key or password is in anything that these runs wrote', async () => {
    await remember();
    expect(search.found()).toEqual([]);
  });

  async function editByHand(): Promise<void> {
    const edited = (await listed()).find(({ engine }) => engine.id === 'node1');
    const engine = { ...edited?.engine, labels: ['by hand'] };
    await call(master(), password, 'DELETE', `/api/engines/${edited?.id ?? ''}`);
    await call(master(), password, 'POST', '/api/engines', { ...edited, id: '', engine });
  }

  /** What a run is to lead to: each node once, as it was asked, and the foreign engine as it was. */
  async function expectAsked(): Promise<void> {
    const found = await listed();
    expect(found.map((row) => row.engine.id).sort()).toEqual(['node1', 'node2', 'theirs']);
    expect(found.find((row) => row.engine.id === 'node1')?.engine.labels).toEqual(['node1']);
    expect(await idOf('theirs')).toBe(theirs);
  }

  /** How often systemd has started the controller again. */
  async function restarts(): Promise<number> {
    return Number(await master().script('systemctl show --property NRestarts --value shipyard'));
  }
});
