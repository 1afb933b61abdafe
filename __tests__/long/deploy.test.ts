import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionRun } from '../../lab/runner.ts';
import { privateKeyOf } from '../../lab/ssh-identity.ts';
import { apply, caPassphrase, json, type Inputs } from '../lab/support/apply.ts';
import { containers, databaseOf, emptyMaster, images } from '../lab/support/deployable.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeKeys } from '../lab/support/node-keys.ts';
import { SecretSearch } from '../lab/support/secrets.ts';
import { rows } from '../lab/support/shipyard-rows.ts';

const password = 'a new pa$$word';

/** The controller is the stand-in, in a container; the database only listens. */
describeLab('Shipyard is started on an empty master', (lab) => {
  const cluster = useCluster(lab, 3);
  const search = new SecretSearch(password, caPassphrase);
  let ca = '';

  const master = () => cluster().master;
  async function deploy(inputs: Inputs): Promise<ActionRun> {
    const given = {
      'shipyard-deploy': 'true',
      'shipyard-controller-image': images.controller,
      'shipyard-rethinkdb-image': images.database,
      'shipyard-password': password,
      'max-unavailable': '100%',
      ...inputs,
    };
    return search.add(await apply(lab, cluster(), given, { env: { RUNNER_DEBUG: '1' } }));
  }

  /** Takes note of what is secret now. */
  async function remember(): Promise<void> {
    search.learn(await databaseOf(master()), await rows(master(), password));
    search.knowKeys(...(await nodeKeys(cluster().nodes)));
  }

  const engines = (run: ActionRun) => json(run, 'engines').map(({ name, health }) => [name, health]);

  beforeAll(async () => {
    search.knowKeys(privateKeyOf(lab.identity));
    await emptyMaster(master());
  });

  describe('from images of the controller and of its database', () => {
    let first: ActionRun;
    beforeAll(async () => {
      first = await deploy({ 'create-ca': 'true' });
      ca = first.outputs['ca'] ?? '';
    });

    test('and one run leads to three usable engines', () => {
      expect(first.log).not.toContain('::error');
      expect(first.exitCode).toBe(0);
      expect(first.log).toContain('nothing answers on the master at 127.0.0.1:8080: starting Shipyard there');
      expect(engines(first)).toEqual(['node1', 'node2', 'node3'].map((name) => [name, 'up']));
      expect(first.summary.match(/\| up \| [\d.]+ ms \| 20\.10\S* \| yes \|/g)).toHaveLength(3);
    });

    test('admin has the given password and no longer the published one', async () => {
      await remember();
      expect(await rows(master(), password)).toHaveLength(3);
      await expect(rows(master(), 'shipyard')).rejects.toThrow();
    });

    test('nobody reaches the database, the controller listens on the loopback, both come back after a reboot', async () => {
      expect(await containers(master())).toMatchObject({
        shipyard: { ports: '127.0.0.1:8080->8080/tcp' },
        'shipyard-rethinkdb': { ports: '28015/tcp' },
      });
      expect(
        await master().script(
          'docker inspect --format "{{.HostConfig.RestartPolicy.Name}}" shipyard shipyard-rethinkdb',
        ),
      ).toBe('always\nalways');
      expect(await master().script('cat /var/lib/docker/volumes/shipyard-rethinkdb-data/_data/started')).toBe(
        'x',
      );
    });

    test('a second run finds nothing to do', async () => {
      const before = [await containers(master()), await rows(master(), password)];
      const again = await deploy({ ca });
      await remember();
      expect(again.log).not.toContain('::error');
      expect(again.log).not.toContain('starting Shipyard');
      expect(again.exitCode).toBe(0);
      expect(again.outputs['changed']).toBe('false');
      expect([await containers(master()), await rows(master(), password)]).toEqual(before);
    });

    test('one that was stopped is started again, with what it knows', async () => {
      const before = [await containers(master()), await rows(master(), password)];
      await master().script('docker stop --time 3 shipyard shipyard-rethinkdb');
      const again = await deploy({ ca, only: 'node1' });
      expect(again.log).not.toContain('::error');
      await remember();
      expect(again.log).toContain('starting Shipyard there');
      expect([await containers(master()), await rows(master(), password)]).toEqual(before);
    });
  });

  test('an image that cannot be had is named, with what helps; no node is touched', async () => {
    await master().script('docker rm --force shipyard shipyard-rethinkdb');
    const run = await deploy({
      ...{ ca, only: 'node1' },
      'shipyard-controller-image': 'localhost:1/no/such:image',
    });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('Shipyard could not be started on the master');
    expect(run.log).toContain('localhost:1');
    expect(run.log).toContain('docker load');
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['unchanged']);
    await master().script('docker rm --force shipyard-rethinkdb');
  });

  test("the guide's way: an image that starts the rest with the socket of Docker", async () => {
    const run = await deploy({
      ...{ ca, only: 'node1' },
      'shipyard-controller-image': '',
      'shipyard-rethinkdb-image': '',
      'shipyard-deploy-image': images.deployer,
    });
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(engines(run)).toEqual([['node1', 'up']]);
    expect(Object.keys(await containers(master())).sort()).toEqual(['shipyard', 'shipyard-rethinkdb']);
    await expect(rows(master(), 'shipyard')).rejects.toThrow();
  });

  test('no key, token or password is in anything that these runs wrote', async () => {
    await remember();
    expect(search.found()).toEqual([]);
  });
});
