import { beforeAll, describe, expect, test } from '@jest/globals';
import { bookworm, trixie } from '../../lab/images.ts';
import { controllerUrl, controlUrl } from '../../lab/master.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, caPassphrase, json, type Inputs } from './support/apply.ts';
import { cli } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { nodeState } from './support/node-state.ts';
import { forgetRequests, logIn, rows, writes } from './support/shipyard-rows.ts';

const password = 'a new pa$$word';

/** Both modes against one controller on the master's loopback: one node that Shipyard can use, and one that it cannot. */
describeLab('Shipyard, whole', (lab) => {
  const cluster = useCluster(lab, [bookworm, trixie]);
  const runs: ActionRun[] = [];
  const engines: Awaited<ReturnType<typeof rows>>[number][] = [];
  let ca = '';

  async function run(inputs: Inputs): Promise<ActionRun> {
    const done = await apply(
      lab,
      cluster(),
      { 'shipyard-password': password, ...inputs },
      { env: { RUNNER_DEBUG: '1' } },
    );
    runs.push(done);
    engines.push(...(await rows(cluster().master, password)));
    return done;
  }

  describe('from nothing, over HTTP alone', () => {
    let first: ActionRun;
    let before: string;

    beforeAll(async () => {
      const [, old] = cluster().nodes;
      before = old ? await nodeState(old) : '';
      first = await run({ 'create-ca': 'true' });
      ca = first.outputs['ca'] ?? '';
    });

    test('replaces the published password, and says so', async () => {
      expect(first.log).toContain('still had the published password');
      await expect(rows(cluster().master, 'shipyard')).rejects.toThrow();
      expect(await rows(cluster().master, password)).toHaveLength(1);
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
    let theirs: string;

    beforeAll(async () => {
      const { master } = cluster();
      await master.script(
        `systemd-run --quiet node -e 'require("http").createServer((_, answer) => answer.end("OK")).listen(9999)'
         for i in $(seq 100); do curl --silent http://127.0.0.1:9999/ && break; sleep 0.1; done`,
      );
      const [ours] = await rows(master, password);
      await post({ engine: { id: 'theirs', addr: 'http://127.0.0.1:9999' } });
      await post({ ...ours, id: 'twin' });
      theirs = (await rows(master, password)).find(({ engine }) => engine.id === 'theirs')?.id ?? '';
      const faults = JSON.stringify({ 'close-after-insert': 1, 'return-removed': 1 });
      await master.curl('--request', 'PUT', '--data', faults, `${controlUrl}/faults`);
      second = await run({ ...cli, ca, 'force-renew': 'node1', 'incompatible-engines': 'warn' });
    });

    test('the list is as asked, and the foreign engine is untouched', async () => {
      expect(second.exitCode).toBe(0);
      const found = await rows(cluster().master, password);
      expect(found.map(({ engine }) => engine.id).sort()).toEqual(['node1', 'node2', 'theirs']);
      expect(found.find(({ engine }) => engine.id === 'theirs')?.id).toBe(theirs);
    });

    test('Docker 26 is registered where that is a warning, and called what it is', () => {
      expect(second.log).toContain(
        'Shipyard cannot use the engine: the engine answered /v1.15/version with 400',
      );
      expect(second.summary).toMatch(/\| node2 \| .* \| up \| [\d.]+ ms \| {2}\| no: the engine answered/);
      expect(second.summary).toMatch(/\| theirs \| .* \| not asked \|/);
    });
  });

  test('the next run writes nothing, prune included', async () => {
    await forgetRequests(cluster().master);
    const third = await run({ ca, 'incompatible-engines': 'warn', prune: 'true' });
    expect(third.exitCode).toBe(0);
    expect(third.outputs['changed']).toBe('false');
    expect(await writes(cluster().master)).toEqual([]);
  });

  test('no key, token or password is in anything that these runs wrote', async () => {
    const kept = await cluster().master.readFile('/var/lib/shipyard.json');
    const tokens = [...kept.matchAll(/"auth_token":\s*"([^"]+)"/g)].map(([, token = '']) => token);
    const keys = engines.flatMap(({ ssl_key }) =>
      ssl_key.split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line)),
    );
    expect(tokens.length).toBeGreaterThan(0);
    expect(keys.length).toBeGreaterThan(0);
    const written = runs
      .flatMap(({ log, rawLog, summary, outputs, state, exported, leftovers }) => [
        log,
        // The runner's own masking must not be what keeps them out, but for the token, which is masked by name.
        rawLog.replace(/^::add-mask::.*$/gm, ''),
        summary,
        ...[outputs, state, exported, leftovers].flatMap((record) => Object.values(record)),
      ])
      .join('\n');
    expect(written).toContain('node1');
    expect([...tokens, ...keys, password, caPassphrase].filter((secret) => written.includes(secret))).toEqual(
      [],
    );
  });

  async function post(row: object): Promise<void> {
    const { master } = cluster();
    const header = ['--header', `X-Access-Token: admin:${await logIn(master, password)}`];
    await master.curl('--fail', ...header, '--data', JSON.stringify(row), `${controllerUrl}/api/engines`);
  }
});
