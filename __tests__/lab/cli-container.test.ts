import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { inventory } from '../../lab/cluster.ts';
import { docker, dockerLines } from '../../lab/docker.ts';
import { startAction } from '../../lab/runner.ts';
import { apply, caPassphrase, firstRun, json } from './support/apply.ts';
import { containersOf } from './support/containers.ts';
import { cli, hostileLabels, nodeInputs, shipyardInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { forgetRequests, rows, writes } from './support/shipyard-rows.ts';

describeLab('the Shipyard CLI in a container', (lab) => {
  const cluster = useCluster(lab, 1);
  let ca = '';
  let caCertificate = '';

  beforeAll(async () => {
    const nodes = inventory(cluster().nodes, { labels: hostileLabels });
    const first = await firstRun(lab, cluster(), { ...cli, nodes });
    ca = first.ca;
    caCertificate = first.run.outputs['ca-certificate'] ?? '';
  });

  test('labels reach Shipyard word by word, whatever a shell would make of them', async () => {
    const [row] = await rows(cluster().master);
    expect(row?.engine.labels).toEqual(hostileLabels);
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

  test('says on standard output that it is not logged in, as the original does', async () => {
    const image = await madeImage();
    await expect(docker(['run', '--rm', image, 'shipyard', 'engines'])).rejects.toThrow(
      'config does not exist; try logging in',
    );
  });

  test('an image that is named is used instead', async () => {
    await docker(['tag', await madeImage(), 'shipyard-lab/named-cli:1']);
    await forgetRequests(cluster().master);
    const run = await apply(lab, cluster(), {
      ...cli,
      ca,
      'force-renew': 'all',
      'shipyard-cli-image': 'shipyard-lab/named-cli:1',
    });
    await docker(['rmi', 'shipyard-lab/named-cli:1']);
    expect(run.exitCode).toBe(0);
    expect((await writes(cluster().master)).map((line) => line.split(' ')[0])).toEqual(['POST', 'DELETE']);
  });

  test('a run that is killed leaves no container: its post step removes it', async () => {
    const image = 'shipyard-lab/silent-cli:1';
    await silentImage(await madeImage(), image);
    const inputs = {
      ...nodeInputs(lab, cluster()),
      ...shipyardInputs(cluster()),
      ...cli,
      ...{ ca, 'ca-passphrase': caPassphrase, 'force-renew': 'all', 'shipyard-cli-image': image },
    };
    const env = lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost };
    const started = startAction({ inputs, env });
    const running = ['ps', '--quiet', '--filter', `ancestor=${image}`];
    const limit = Date.now() + 120_000;
    while ((await dockerLines(running)).length === 0 && Date.now() < limit) await setTimeout(100);
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
      ...cli,
      ca,
      'force-renew': 'all',
      'shipyard-cli-image': 'localhost:1/no/such:image',
    });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('leave shipyard-cli-image empty');
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed']);
    expect(await rows(cluster().master)).toEqual(before);
  });

  test('a runner without docker: an error that says so', async () => {
    const run = await apply(
      lab,
      cluster(),
      { ...cli, ca, 'force-renew': 'all' },
      { env: { PATH: '/nonexistent' } },
    );
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('there is no docker command on this runner');
  });

  test('a Docker on another machine, whose loopback is not ours: found before anything is added', async () => {
    const [node] = cluster().nodes;
    const [row] = await rows(cluster().master);
    const folder = mkdtempSync(join(tmpdir(), 'docker-certs-'));
    writeFileSync(join(folder, 'ca.pem'), caCertificate);
    writeFileSync(join(folder, 'cert.pem'), row?.ssl_cert ?? '');
    writeFileSync(join(folder, 'key.pem'), row?.ssl_key ?? '', { mode: 0o600 });
    await forgetRequests(cluster().master);
    const run = await apply(
      lab,
      cluster(),
      { ...cli, ca, 'force-renew': 'all' },
      {
        env: {
          DOCKER_HOST: `tcp://${node?.address ?? ''}:2376`,
          DOCKER_TLS_VERIFY: '1',
          DOCKER_CERT_PATH: folder,
        },
      },
    );
    rmSync(folder, { recursive: true });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('run the job directly on a runner with its own Docker');
    expect(await writes(cluster().master)).toEqual([]);
  });
});

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
