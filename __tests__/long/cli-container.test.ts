import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { inventory } from '../../lab/cluster.ts';
import { docker, dockerLines } from '../../lab/docker.ts';
import { controllerUrl } from '../../lab/master.ts';
import { startAction } from '../../lab/runner.ts';
import { apply, caPassphrase, firstRun, type Inputs, json } from '../lab/support/apply.ts';
import { containersOf } from '../lab/support/containers.ts';
import { foreignEngine, startForeignEngine } from '../lab/support/foreign-engine.ts';
import { harmless, hostileLines } from '../lab/support/hostile.ts';
import { cli, hostileLabels, nodeInputs, shipyardInputs } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { onlyNode } from '../lab/support/peers.ts';
import { forgetRequests, logIn, rows, writes } from '../lab/support/shipyard-rows.ts';

/** One node with hostile labels, registered by the CLI and then over HTTP. */
describeLab('the Shipyard CLI in a container, and hostile text', (lab) => {
  const cluster = useCluster(lab, 1);
  let ca = '';
  let caCertificate = '';

  const node = () => onlyNode(cluster());
  const labelled = (labels: readonly string[]) => inventory(cluster().nodes, { labels });
  /** Other labels are a change to the engine's row, and none to its node. */
  const other = (): Inputs => ({ ...cli, ca, nodes: labelled(['other']) });
  const labels = async () => (await rows(cluster().master)).map(({ engine }) => engine.labels);

  beforeAll(async () => {
    const first = await firstRun(lab, cluster(), { ...cli, nodes: labelled(hostileLabels) });
    ca = first.ca;
    caCertificate = first.run.outputs['ca-certificate'] ?? '';
  });

  test('labels reach Shipyard word by word, whatever a shell would make of them', async () => {
    expect(await labels()).toEqual([hostileLabels]);
  });

  const madeImage = async (): Promise<string> =>
    (
      await dockerLines(['images', '--format', '{{.Repository}}:{{.Tag}}', 'shipyard-cluster/shipyard-cli'])
    )[0] ?? '';

  test('its image was made here, tagged by its content, and runs', async () => {
    const image = await madeImage();
    expect(image).toMatch(/^shipyard-cluster\/shipyard-cli:[0-9a-f]{16}$/);
    expect(await docker(['run', '--rm', image, 'shipyard', '--version'])).toContain(
      'shipyard version 2.0.10',
    );
  });

  test('an image that is named is used instead', async () => {
    const image = 'shipyard-lab/named-cli:1';
    await docker(['tag', await madeImage(), image]);
    await forgetRequests(cluster().master);
    const nodes = labelled(['named']);
    const run = await apply(lab, cluster(), { ...cli, ca, nodes, 'shipyard-cli-image': image });
    await docker(['rmi', image]);
    expect(run.exitCode).toBe(0);
    expect((await writes(cluster().master)).map((line) => line.split(' ')[0])).toEqual(['POST', 'DELETE']);
    expect(await labels()).toEqual([['named']]);
  });

  test('a run that is killed leaves no container: its post step removes it', async () => {
    const image = 'shipyard-lab/silent-cli:1';
    await silentImage(await madeImage(), image);
    const inputs = {
      ...nodeInputs(lab, cluster()),
      ...shipyardInputs(cluster()),
      ...other(),
      ...{ 'ca-passphrase': caPassphrase, 'shipyard-cli-image': image },
    };
    const env = lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost };
    const started = startAction({ inputs, env });
    const running = ['ps', '--quiet', '--filter', `ancestor=${image}`];
    const limit = Date.now() + 120_000;
    while ((await dockerLines(running)).length === 0 && Date.now() < limit) await setTimeout(500);
    started.signal('SIGKILL');
    const run = await started.done;
    const left = await containersOf(run);
    if (left.length > 0) await docker(['rm', '--force', ...left]);
    await docker(['rmi', image]);
    expect(run.exitCode).toBe(137);
    expect(run.log).toContain('removed 1 container(s) that the run had left');
    expect(left).toEqual([]);
  });

  test('an image that cannot be had: an error that names the way out, and Shipyard unchanged', async () => {
    const before = await rows(cluster().master);
    const run = await apply(lab, cluster(), {
      ...other(),
      'shipyard-cli-image': 'localhost:1/no/such:image',
    });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('leave shipyard-cli-image empty');
    expect(await rows(cluster().master)).toEqual(before);
  });

  test('a runner without docker: an error that says so', async () => {
    const run = await apply(lab, cluster(), other(), { env: { PATH: '/nonexistent' } });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('there is no docker command on this runner');
  });

  test('a runner without docker registers over HTTP all the same', async () => {
    const nodes = labelled(['over-http']);
    const run = await apply(
      lab,
      cluster(),
      { ca, nodes, 'shipyard-mode': 'api' },
      { env: { PATH: '/nonexistent' } },
    );
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(await labels()).toEqual([['over-http']]);
  });

  test('a Docker on another machine, whose loopback is not ours: found before anything is added', async () => {
    const [row] = await rows(cluster().master);
    const folder = mkdtempSync(join(tmpdir(), 'docker-certs-'));
    writeFileSync(join(folder, 'ca.pem'), caCertificate);
    writeFileSync(join(folder, 'cert.pem'), row?.ssl_cert ?? '');
    writeFileSync(join(folder, 'key.pem'), row?.ssl_key ?? '', { mode: 0o600 });
    await forgetRequests(cluster().master);
    const run = await apply(lab, cluster(), other(), {
      env: {
        DOCKER_HOST: `tcp://${node().address}:2376`,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: folder,
      },
    });
    rmSync(folder, { recursive: true });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('run the job directly on a runner with its own Docker');
    expect(await writes(cluster().master)).toEqual([]);
  });

  describe('what a node, its sshd, its daemon and a foreign engine say', () => {
    const run = (inputs: Inputs) =>
      apply(
        lab,
        cluster(),
        { ca, nodes: labelled(hostileLabels), ...inputs },
        { env: { RUNNER_DEBUG: '1' } },
      );

    beforeAll(async () => {
      await node().writeFile('/opt/hostile', `${hostileLines.join('\n')}\n`);
      await node().script(
        `printf '\\0\\n' >>/opt/hostile
         echo 'Banner /opt/hostile' >>/etc/ssh/sshd_config; systemctl restart ssh`,
      );
    });

    test('before and beside every answer is not taken for an answer, nor shown as it is; labels reach Shipyard over HTTP, too', async () => {
      // What root's shell prints when sshd starts it: a line of a megabyte at last.
      const noise = 'cat /opt/hostile; cat /opt/hostile >&2; head -c 1000000 /dev/zero | tr "\\0" A; echo';
      const { master } = cluster();
      await startForeignEngine(master);
      const foreign = {
        engine: { ...foreignEngine.engine, id: hostileLines.join(' '), labels: [hostileLines[4], '\u0000'] },
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
      expect(json(noisy, 'nodes').map(({ action }) => action)).toEqual(['unchanged']);
      expect(noisy.exitCode).toBe(0);
      expect(noisy.summary).toContain('forged');
      expect(await labels()).toContainEqual(hostileLabels);
      expect(await labels()).toHaveLength(2);
    });

    test('in the log of a daemon that does not start is a quotation', async () => {
      await node().script(FAILING_DOCKERD);
      const failed = await run({ 'force-renew': 'all' });
      await node().script('mv /usr/sbin/real/dockerd /usr/sbin/dockerd');
      expect(json(failed, 'nodes').map(({ action }) => action)).toEqual(['rolled-back']);
      harmless(failed);
      expect(failed.log).toContain('forged');
      expect(failed.summary).toContain('forged');
    });
  });
});

/** From now on dockerd starts with the set that it has now, and with any other it complains and ends. */
const FAILING_DOCKERD = `
mkdir /usr/sbin/real
mv /usr/sbin/dockerd /usr/sbin/real/
cat >/usr/sbin/dockerd <<'END'
#!/bin/sh
current=$(readlink /etc/docker/shipyard-cluster/current)
if [ "$current" != "$(cat /opt/good)" ]; then cat /opt/hostile >&2; exit 1; fi
exec /usr/sbin/real/dockerd "$@"
END
chmod 755 /usr/sbin/dockerd
readlink /etc/docker/shipyard-cluster/current >/opt/good`;

/** An image whose CLI never says anything and never ends. */
async function silentImage(from: string, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'silent-cli-'));
  writeFileSync(join(folder, 'shipyard'), '#!/bin/node\nsetInterval(() => undefined, 1000);\n', {
    mode: 0o755,
  });
  const container = await docker(['create', from]);
  await docker(['cp', join(folder, 'shipyard'), `${container}:/bin/shipyard`]);
  await docker(['commit', container, name]);
  await docker(['rm', container]);
  rmSync(folder, { recursive: true });
}
